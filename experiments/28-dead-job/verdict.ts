import { firedAt } from '../../lab/evidence/alerts.ts';
import { couldBeNewest } from '../../lab/evidence/evaluation.ts';
import { waitUntil, whenItHappened } from '../../lab/evidence/happening.ts';
import { activeSince, storingSeconds } from '../../lab/evidence/samples.ts';
import { clock } from '../../lab/model/format.ts';
import type { Lab } from '../../lab/model/lab.ts';
import type { Reader } from '../../lab/model/reader.ts';
import type { Judgement } from '../../lab/model/verdict.ts';
import type { Sample } from '../../lab/promql/sample.ts';
import {
  type Batch,
  type Fired,
  type Increase,
  keptByPost,
  noIncrease,
  oneGroup,
  resolvedByFailure,
  runsOf,
  theFix,
  wellForEver,
  whatHappened,
} from './findings.ts';
import {
  byPost,
  byPut,
  everything,
  hasBatch,
  lastSuccess,
  late,
  lateOrFailed,
  lateSeconds,
  of,
  outageIn,
  patienceSeconds,
  rows,
  type Scrape,
  said,
  scrapesIn,
  success,
} from './jobs.ts';

/** Evaluations, by the alert and the job that fired at them. */
type Alerts = Record<'late' | 'lateByPost' | 'fixed' | 'fixedByPost', readonly number[]>;

export type Measured = { batch: Batch; scrapes: readonly Scrape[]; alerts: Alerts; increase: Increase };

/** What comes later than so long after the run that failed is not read. */
const afterSeconds = 60;
/** A scrape or an evaluation that is later than this is not waited for. */
const latestSeconds = 15;
const silent = 'the Pushgateway has answered no scrape since the jobs push';
const tooFew = 'too few scrapes or evaluations came while the jobs pushed';
const awaited = 'scrapes and two evaluations after the run that fails';
/** The exercises are judged between two of them. */
const scrapesAfter = 3;

const dueAt = (batch: Batch, { scrapeSeconds, evaluationSeconds }: Lab): number =>
  runsOf(batch).failed.at + scrapeSeconds + 2 * evaluationSeconds + storingSeconds;

const evaluationsOf = (alerts: Alerts): number[] =>
  [...new Set(Object.values(alerts).flat())].sort((one, other) => one - other);

/** The last scrape before the run that fails; the first that surely shows it. */
const around = (scrapes: readonly Scrape[], batch: Batch) => {
  const { at } = runsOf(batch).failed;
  return {
    before: scrapes.findLast((scrape) => scrape.at + scrape.durationSeconds < at),
    after: scrapes.find((scrape) => scrape.at > at && said(scrape, success, byPut) === 0),
  };
};

/** The evaluation at which the alert of the job that replaces its group is gone again. */
const endOf = (alerts: Alerts): number | undefined => {
  const last = alerts.late.at(-1);
  return last === undefined ? undefined : evaluationsOf(alerts).find((at) => at > last);
};

/** What is stored of the jobs since they push, until the Pushgateway does not answer or is started again. */
const storedOf = async (batch: Batch, read: Reader, lab: Lab) => {
  const last = Math.min(lab.now - storingSeconds / 2, runsOf(batch).failed.at + afterSeconds);
  const stored = await read.samples(everything, Math.max(1, last - activeSince(lab)), last);
  const scrapes = scrapesIn(stored);
  const outage = outageIn(stored, scrapes);
  const until = outage === undefined ? last : outage.at - 0.001;
  return { until, stored, scrapes: scrapes.filter(({ at }) => at <= until), outage };
};

/** What the exercises are judged by: the scrapes alone, without what a rule has stored. */
export const scrapesNow = async (read: Reader, lab: Lab): Promise<Scrape[] | Judgement> => {
  const batch = await batchOf(lab, read);
  if (batch === undefined) return { kind: 'elsewhere', reason: none };
  const { scrapes, outage } = await storedOf(batch, read, lab);
  const { at } = runsOf(batch).failed;
  const missing =
    scrapesAfter - scrapes.filter((scrape) => scrape.at > at && said(scrape, success, byPut) === 0).length;
  if (missing > 0 && outage !== undefined) return { kind: 'elsewhere', reason: outage.because };
  const due = dueAt(batch, lab) + scrapesAfter * lab.scrapeSeconds;
  return missing <= 0 || lab.now > due + latestSeconds
    ? scrapes
    : waitUntil(Math.max(at, lab.now) + missing * lab.scrapeSeconds + storingSeconds, lab, awaited);
};

const measure = async (batch: Batch, read: Reader, lab: Lab): Promise<Measured | Judgement> => {
  const { until, stored, scrapes, outage } = await storedOf(batch, read, lab);
  // Until a scrape has brought what the first run pushed, an alert may fire by what an earlier Prometheus has stored.
  const first = scrapes.find((scrape) => [byPut, byPost].every((job) => said(scrape, lastSuccess, job) !== undefined));
  const since = first === undefined ? until : first.at + first.durationSeconds + storingSeconds;
  const firing = (alertname: string, job: string) =>
    firedAt(stored, { alertname, job }).filter((at) => at > since && at <= until);
  const alerts = {
    late: firing(late.alert, byPut),
    lateByPost: firing(late.alert, byPost),
    fixed: firing(lateOrFailed.alert, byPut),
    fixedByPost: firing(lateOrFailed.alert, byPost),
  };
  const { before, after } = around(scrapes, batch);
  const counted = scrapes.flatMap((scrape): Sample[] => {
    const value = said(scrape, rows, byPut);
    return value === undefined ? [] : [[scrape.at, value]];
  });
  const isLater = evaluationsOf(alerts).filter((at) => at > (after?.at ?? until)).length > 1;
  if (before === undefined || after === undefined || counted.length < 2 || !isLater) {
    if (outage !== undefined) return { kind: 'elsewhere', reason: outage.because };
    return lab.now < dueAt(batch, lab) + latestSeconds
      ? waitUntil(Math.max(dueAt(batch, lab), lab.now + 1), lab, awaited)
      : { kind: 'elsewhere', reason: scrapes.length === 0 ? silent : tooFew };
  }
  const last = counted.at(-1)![0];
  const windowSeconds = Math.ceil(last - counted[0]![0]) + 1;
  const [found] = await read.query(`increase(${of(rows, byPut)}[${windowSeconds}s])`, last);
  const increase = { at: last, windowSeconds, says: found?.samples[0]?.[1], stored: counted.map(([, value]) => value) };
  return { batch, scrapes, alerts, increase };
};

/** Where the alert fired by what some scrape that an evaluation may have seen says, and where it did not. */
const firedOf = ({ scrapes, alerts }: Measured, job: string, firing: readonly number[]): Fired => {
  const durations = new Map(scrapes.map((scrape) => [scrape.at, scrape]));
  const samples = scrapes.map(({ at }): Sample => [at, 0]);
  const wrong = evaluationsOf(alerts).filter((at) => {
    const possible = couldBeNewest(samples, (time) => durations.get(time)!, at).map((sample) => {
      const time = sample && said(durations.get(sample[0])!, lastSuccess, job);
      return time !== undefined && at - time > lateSeconds;
    });
    return !possible.includes(firing.includes(at));
  });
  return { firing, wrong };
};

const missedIn = (alerts: Alerts, firing: readonly number[]): number[] =>
  evaluationsOf(alerts).filter((at) => at >= (firing[0] ?? Number.NEGATIVE_INFINITY) && !firing.includes(at));

export const verdict = (measured: Measured): Judgement => {
  const { batch, scrapes, alerts, increase } = measured;
  const { before, after } = around(scrapes, batch);
  const pushedBy = Math.max(...batch.workers.map(({ at }) => at)) + patienceSeconds;
  return {
    kind: 'measured',
    findings: [
      whatHappened(batch),
      noIncrease(increase, batch),
      wellForEver(before!, batch),
      oneGroup(
        scrapes.filter(({ at }) => at >= pushedBy),
        batch,
      ),
      resolvedByFailure(firedOf(measured, byPut, alerts.late), endOf(alerts), after!, batch),
      keptByPost({ firing: alerts.lateByPost, missed: missedIn(alerts, alerts.lateByPost) }, after!, batch),
      theFix(alerts.fixed.length, {
        [byPut]: missedIn(alerts, alerts.fixed),
        [byPost]: missedIn(alerts, alerts.fixedByPost),
      }),
    ],
  };
};

const batchOf = async (lab: Lab, read: Pick<Reader, 'truth'>): Promise<Batch | undefined> => {
  const at = lab.exporter?.startedAt;
  return at === undefined || !hasBatch(lab) ? undefined : (await read.truth(at, at)).batch;
};
const none = 'no batch jobs push';

export const { check } = whenItHappened({
  what: batchOf,
  none,
  began: (batch) => ({ at: batch.runs[0]!.at, was: `the first run was at ${clock(batch.runs[0]!.at)}` }),
  waits: (batch, lab) => ({ until: runsOf(batch).failed.at, due: dueAt(batch, lab), reason: awaited }),
  measure,
  verdict,
});
