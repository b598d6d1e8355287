import { firedAt, notified } from '../../lab/evidence/alerts.ts';
import { type Instance, instancesIn, matchersOf, seriesOf, storedSeries, targetsIn } from '../../lab/evidence/fleet.ts';
import { waitUntil, whenItHappened } from '../../lab/evidence/happening.ts';
import { activeSince, only } from '../../lab/evidence/samples.ts';
import { clock } from '../../lab/model/format.ts';
import type { Lab } from '../../lab/model/lab.ts';
import type { Notification, Reader } from '../../lab/model/reader.ts';
import type { Judgement } from '../../lab/model/verdict.ts';
import { growth } from '../../lab/promql/extrapolation.ts';
import type { Sample } from '../../lab/promql/sample.ts';
import { inWindow, lookbackSeconds, milliseconds } from '../../lab/promql/window.ts';
import {
  anchored,
  type Burst,
  bornLate,
  type Counted,
  fromCreation,
  fromZero,
  type Instant,
  increaseOf,
  neverFired,
  type Twins,
  whatHappened,
} from './findings.ts';
import { dated, lazy, type Twin, windowSeconds, zeroed } from './twins.ts';

export type Measured = Twins & {
  lab: Lab;
  since: number;
  burst: Burst;
  instant: Instant;
  /** whether something receives notifications */
  hasInbox: boolean;
};

/** From the evaluation that fires to the inbox of the guide: the wait of a group, or its interval where it is known. */
const deliverySeconds = 7;

/** The window that is measured holds three scrapes: the last without the errors and two with them. */
const measuredWindow = ({ scrapeSeconds }: Lab): number => Math.max(windowSeconds, Math.ceil(3 * scrapeSeconds));

type Bursting = { burst: Burst; target: Instance };

const burstIn = async (lab: Lab, read: Reader): Promise<Bursting | undefined> => {
  const target = instancesIn(lab).find(({ simulates }) => simulates.includes('burst'));
  if (target === undefined) return undefined;
  const { errors } = await read.truth(lab.now, lab.now, { instance: target.number });
  return errors?.burst && { burst: { instance: target.instance, ...errors.burst }, target };
};

const awaited = 'the errors, two scrapes of them and the notification';

const measure = async ({ burst, target }: Bursting, read: Reader, lab: Lab): Promise<Measured | Judgement> => {
  const since = activeSince(lab);
  // What comes later is another story, and may be hours long.
  const until = Math.min(lab.now, dueAt(burst, lab) + 60);
  const metrics = [...[lazy, zeroed, dated].map(({ metric }) => metric), 'ALERTS'];
  const window = { at: until, windowSeconds: until - since + measuredWindow(lab) };
  const stored = targetsIn(await storedSeries(read, { metrics, jobs: [target.job] }, window), [target])[0]!.series;
  const current = (samples: Sample[]) => samples.filter(([at]) => at >= since);
  const notifications = await read.notifications();
  const counted = (twin: Twin): Counted => {
    const notifiedAt = firstNotified(notifications ?? [], twin, burst);
    const samples = only(seriesOf(stored, twin.metric));
    return {
      ...twin,
      samples: current(samples),
      before: samples.filter(([at]) => at < since),
      firing: firedAt(stored, { alertname: twin.alert }).filter((at) => at >= since),
      ...(notifiedAt !== undefined && { notifiedAt }),
    };
  };
  const twins = { lazy: counted(lazy), zeroed: counted(zeroed), dated: counted(dated) };
  const hasInbox = notifications !== undefined;
  const instant = instantOf(burst, twins, lab);
  const due = dueAt(burst, lab);
  // A scrape that is missing is no fault: the second one with the errors comes later then, and so does the instant.
  const end = isOver(twins, instant, hasInbox) ? instant!.at : Math.max(due + deliverySeconds, instant?.at ?? 0);
  if (lab.now < end) return waitUntil(lab.now < due ? due : end, lab, awaited);
  if (instant === undefined) return { kind: 'measured', findings: [neverScraped(burst)] };
  const answered = async (twin: Counted): Promise<Counted> => {
    const selected = { ...twin, metric: `${twin.metric}{${matchersOf(target)}}` };
    const answer = only(await read.query(increaseOf(selected, instant), instant.at))[0]?.[1];
    const whole = await read.ask(increaseOf(selected, instant, ' anchored'), instant.at);
    const begins = instant.at - instant.windowSeconds;
    const anchor = only(await read.samples(selected.metric, lookbackSeconds, begins)).at(-1);
    return { ...twin, ...(answer !== undefined && { answer }), anchored: whole, ...(anchor && { anchor }) };
  };
  return {
    lab,
    since,
    burst,
    instant,
    hasInbox,
    lazy: await answered(twins.lazy),
    zeroed: await answered(twins.zeroed),
    dated: await answered(twins.dated),
  };
};

const firstNotified = (inbox: readonly Notification[], { alert }: Twin, { instance, at }: Burst): number | undefined =>
  notified(inbox, { alertname: alert, instance }, 'firing')
    .map(({ receivedAt }) => receivedAt)
    .filter((received) => received >= at)
    .sort((one, other) => one - other)[0];

/** Two scrapes and a half with the errors, an evaluation after them, and the way of its alert. */
const dueAt = ({ at }: Burst, { scrapeSeconds, evaluationSeconds }: Lab): number =>
  at + 2.5 * scrapeSeconds + evaluationSeconds + deliverySeconds;

/**
 * Half an interval after the second sample with the errors: from that sample on the lazily created counter has an
 * increase, and half an interval is what Prometheus carries the others over.
 */
const instantOf = (burst: Burst, { lazy, zeroed }: Twins, lab: Lab): Instant | undefined => {
  // A scrape in the second of the errors still finds the 0.
  const second = ({ samples }: Counted) => samples.filter(([at, value]) => at > burst.at && value > 0)[1]?.[0];
  const last = second(lazy) ?? second(zeroed);
  if (last === undefined) return undefined;
  return { at: milliseconds(last + lab.scrapeSeconds / 2) / 1000, windowSeconds: measuredWindow(lab) };
};

/** All that is measured has come: no more of it changes anything. */
const isOver = ({ zeroed, dated }: Twins, instant: Instant | undefined, hasInbox: boolean): boolean =>
  instant !== undefined &&
  (zeroed.firing.at(-1) ?? 0) >= instant.at &&
  [zeroed, dated].every(({ firing, notifiedAt }) => firing.length > 0 && (!hasInbox || notifiedAt !== undefined));

export const verdict = (measured: Measured): Judgement => {
  const { burst, instant, hasInbox, zeroed, lazy, dated } = measured;
  if ((zeroed.samples[0]?.[0] ?? burst.at) >= burst.at) {
    const reason = `the errors came before the first scrape of ${burst.instance}`;
    return { kind: 'elsewhere', reason, type: 'make exp-10 SCRAPE_INTERVAL=5s' };
  }
  const earlier = ({ before }: Counted) => inWindow(before, instant.at, instant.windowSeconds);
  if (growth(earlier(zeroed)) > 0 || earlier(lazy).length > 0 || (zeroed.firing[0] ?? burst.at) < burst.at) {
    return { kind: 'elsewhere', reason: 'errors of before are still in the window' };
  }
  return {
    kind: 'measured',
    findings: [
      whatHappened(burst),
      bornLate(lazy, burst, instant),
      neverFired(lazy, zeroed),
      ...fromZero(zeroed, burst, instant, hasInbox),
      ...fromCreation(dated, burst, instant, hasInbox),
      anchored(measured, instant),
    ],
  };
};

export const neverScraped = ({ instance, count, at }: Burst) => ({
  claim: `the errors of ${clock(at)} were scraped`,
  holds: false,
  evidence: zeroed.metric,
  expected: `two samples of ${count} of ${instance}`,
  measured: 'fewer',
  look: 'make status: is the exporter scraped?',
});

export const { look, check } = whenItHappened({
  what: burstIn,
  none: 'no instance has errors that come all at once',
  began: ({ burst: { at } }) => ({ at, was: `the errors came at ${clock(at)}` }),
  waits: ({ burst }, lab) => ({ until: burst.at, due: dueAt(burst, lab), reason: awaited }),
  measure,
  verdict,
});
