import { alertsStoredFrom, firedAt } from '../../lab/evidence/alerts.ts';
import { type Counted, countedIn, countedRight } from '../../lab/evidence/counted.ts';
import { couldBeNewest } from '../../lab/evidence/evaluation.ts';
import { instancesIn, storedSeries, targetsIn } from '../../lab/evidence/fleet.ts';
import { waitUntil, whenItHappened } from '../../lab/evidence/happening.ts';
import { activeSince, only, storingSeconds } from '../../lab/evidence/samples.ts';
import { marginSeconds, type Scrape } from '../../lab/evidence/scrape.ts';
import { clock } from '../../lab/model/format.ts';
import type { Lab } from '../../lab/model/lab.ts';
import { job, ofExporter } from '../../lab/model/metrics.ts';
import type { Reader } from '../../lab/model/reader.ts';
import type { Judgement } from '../../lab/model/verdict.ts';
import { AlertLife } from '../../lab/promql/alert.ts';
import type { Sample } from '../../lab/promql/sample.ts';
import {
  blip,
  burning,
  downtime,
  hard,
  isTrue,
  longSeconds,
  recorded,
  shortSeconds,
  type Watch,
  watches,
} from './burn.ts';
import {
  afterEnd,
  type Firing,
  forNothing,
  type Row,
  type Rows,
  type Story,
  theFix,
  tooLate,
  tooLong,
  whatHappened,
} from './findings.ts';

export type Measured = { story: Story; stored: Counted[]; rows: Rows };

/** Everybody who looks later sees as much. */
const seenSeconds = 60;

/** @returns undefined where the exporter simulates something else */
export const storyIn = async (lab: Lab, read: Pick<Reader, 'truth'>): Promise<Story | undefined> => {
  const isOn = instancesIn(lab).some(({ number, simulates }) => number === 1 && simulates.includes('downtime'));
  const services = isOn ? (await read.truth(lab.now, lab.now)).downtime : undefined;
  const of = (service: string) => services?.[service] && { service, ...services[service] };
  const [short, long] = [of(blip), of(hard)];
  return short && long && { blip: short, hard: long };
};

/** By then an evaluation has seen that the pair has ended, and that the long window goes on. */
const dueAt = ({ hard: { to } }: Story, { scrapeSeconds, evaluationSeconds }: Lab): number =>
  to + (1 - burning) * shortSeconds + scrapeSeconds + evaluationSeconds + storingSeconds;

const awaited = 'the downtime to be over, and for the alerts';

/** The evaluations at which an alert fires whose expression is true at some of them. */
export const firingAt = (evaluations: readonly number[], watch: Watch, isTrueAt: (at: number) => boolean): number[] => {
  const life = new AlertLife(watch);
  return evaluations.filter((at) => {
    life.evaluate(isTrueAt(at) ? [{}] : [], at);
    return life.active.some(({ firedAt }) => firedAt !== undefined);
  });
};

/** A share of a limit: closer to it the last digits decide. */
const room = 1e-9;

const firingOf = (
  watch: Watch,
  evaluations: readonly number[],
  samples: readonly Sample[],
  scrapeAt: (at: number) => Scrape,
  fired: readonly number[],
): Firing => {
  /** What an evaluation may have known: a scrape under way at that instant may have been met or not. */
  const known = new Map(
    evaluations.map((at) => [
      at,
      couldBeNewest(samples, scrapeAt, at).map((newest) => samples.filter(([time]) => newest && time <= newest[0])),
    ]),
  );
  return {
    firing: fired.filter((at) => evaluations.includes(at)),
    must: firingAt(evaluations, watch, (at) => known.get(at)!.every((each) => isTrue(watch, each, at, room))),
    may: firingAt(evaluations, watch, (at) => known.get(at)!.some((each) => isTrue(watch, each, at, -room))),
  };
};

const measure = async (story: Story, read: Reader, lab: Lab): Promise<Measured | Judgement> => {
  const since = activeSince(lab);
  if (alertsStoredFrom(lab) > story.hard.from)
    return { kind: 'elsewhere', reason: 'Prometheus began so late that it has not stored its first alerts' };
  const at = Math.min(lab.now - storingSeconds, story.hard.to + seenSeconds);
  const window = { at, windowSeconds: at - since };
  // The first evaluations look back to what is of before.
  const wider = { at, windowSeconds: at - since + longSeconds };
  const stored = await storedSeries(read, { metrics: [downtime], jobs: [job] }, wider);
  const [target] = targetsIn(stored, instancesIn(lab).slice(0, 1));
  const truth = await read.truth(Math.floor(since) - 1, Math.floor(at) + marginSeconds);
  const evaluations = only(await read.samples(ofExporter(recorded, `service="${hard}"`), window.windowSeconds, at)).map(
    ([time]) => time,
  );
  const names = Object.values(watches).map(({ alert }) => alert);
  const alerts = await read.samples(
    `ALERTS{alertname=~"${names.join('|')}",alertstate="firing"}`,
    window.windowSeconds,
    at,
  );
  const { series, scrapeAt } = target!;
  const samplesOf = (service: string) => only(series.filter(({ labels }) => labels.service === service));
  const rowOf = (watch: Watch): Row => {
    const of = (service: string) => {
      const fired = firedAt(alerts, { alertname: watch.alert, instance: target!.instance, service });
      return firingOf(watch, evaluations, samplesOf(service), scrapeAt, fired);
    };
    return { watch, evaluations, blip: of(blip), hard: of(hard) };
  };
  const rows = Object.fromEntries(Object.entries(watches).map(([name, watch]) => [name, rowOf(watch)])) as Rows;
  const due = dueAt(story, lab);
  if (afterEnd(rows.pair).length === 0 && lab.now < due + lab.scrapeSeconds)
    return waitUntil(Math.max(due, lab.now + 1), lab, awaited);
  const { threshold, waiting, long, pair } = rows;
  const seen = [threshold.blip, threshold.hard, waiting.hard, long.hard, pair.hard];
  // Where the only evaluation that can have known it came right after the scrape, it may have missed it.
  if (seen.some(({ must, firing }) => must.length === 0 && firing.length === 0))
    return { kind: 'elsewhere', reason: 'a scrape is missing where a service was down, so that not all alerts saw it' };
  return {
    story,
    stored: [blip, hard].flatMap((service) => {
      const own = samplesOf(service).filter(([time]) => time >= since);
      return countedIn(own, scrapeAt, (at) => truth.downtime![service]!.seconds[at - truth.instants[0]!]!);
    }),
    rows,
  };
};

export const verdict = ({ story, stored, rows }: Measured): Judgement => ({
  kind: 'measured',
  findings: [
    whatHappened(story),
    countedRight(downtime, stored),
    forNothing(rows, story),
    tooLate(rows, story),
    tooLong(rows, story),
    theFix(rows, story),
  ],
});

export const { look, check } = whenItHappened({
  what: storyIn,
  none: 'no service is down',
  began: ({ hard: { service, from } }) => ({ at: from, was: `${service} was down from ${clock(from)} on` }),
  waits: (story, lab) => ({ until: dueAt(story, lab), reason: awaited }),
  measure,
  verdict,
});
