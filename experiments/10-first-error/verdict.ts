import { instancesIn } from '../../lab/evidence/fleet.ts';
import { inForceSince, only } from '../../lab/evidence/samples.ts';
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
  fromBirth,
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
  /** undefined where no instance has errors that come all at once */
  burst: Burst | undefined;
  /** whether something receives notifications */
  hasInbox: boolean;
};

/** From the evaluation that fires to the inbox of the guide: the wait of a group, or its interval where it is known. */
const deliverySeconds = 7;

/** The window that is measured holds three scrapes: the last without the errors and two with them. */
const measuredWindow = ({ scrapeSeconds }: Lab): number => Math.max(windowSeconds, Math.ceil(3 * scrapeSeconds));

const burstIn = async (read: Reader, lab: Lab): Promise<{ burst: Burst; job: string } | undefined> => {
  const bursting = instancesIn(lab).find(({ plays }) => plays.includes('burst'));
  if (bursting === undefined) return undefined;
  const { instance, number, job } = bursting;
  const { errors } = await read.truth(lab.now, lab.now, { instance: number });
  return errors?.burst && { burst: { instance, ...errors.burst }, job };
};

export const measure = async (read: Reader, lab: Lab): Promise<Measured> => {
  const since = inForceSince(lab);
  const found = await burstIn(read, lab);
  const none = (twin: Twin): Counted => ({ ...twin, samples: [], before: [], firing: [] });
  const nothing = { lab, since, burst: undefined, hasInbox: false };
  if (found === undefined) return { ...nothing, lazy: none(lazy), zeroed: none(zeroed), dated: none(dated) };
  const { burst, job } = found;
  // What comes later is another story, and may be hours long.
  const until = Math.min(lab.now, dueAt(burst, lab) + 60);
  const labels = `job="${job}",instance="${burst.instance}"`;
  const names = [lazy, zeroed, dated].map(({ metric }) => metric);
  const selector = `{__name__=~"${[...names, 'ALERTS'].join('|')}",${labels}}`;
  const stored = await read.samples(selector, until - since + measuredWindow(lab), until);
  const of = (name: string, alertname?: string) =>
    only(
      stored.filter(
        (each) => each.labels.__name__ === name && (alertname === undefined || isFiring(each.labels, alertname)),
      ),
    );
  const current = (samples: Sample[]) => samples.filter(([at]) => at >= since);
  const notifications = await read.notifications();
  const counted = (twin: Twin): Counted => {
    const notifiedAt = firstNotified(notifications ?? [], twin, burst);
    return {
      ...twin,
      samples: current(of(twin.metric)),
      before: of(twin.metric).filter(([at]) => at < since),
      firing: current(of('ALERTS', twin.alert)),
      ...(notifiedAt !== undefined && { notifiedAt }),
    };
  };
  const twins = { lazy: counted(lazy), zeroed: counted(zeroed), dated: counted(dated) };
  const measured = { ...nothing, ...twins, burst, hasInbox: notifications !== undefined };
  const instant = instantOf(measured);
  if (instant === undefined || lab.now < instant.at) return measured;
  const answered = async (twin: Counted): Promise<Counted> => {
    const selected = { ...twin, metric: `${twin.metric}{${labels}}` };
    const answer = only(await read.query(increaseOf(selected, instant), instant.at))[0]?.[1];
    const whole = await read.ask(increaseOf(selected, instant, ' anchored'), instant.at);
    const begins = instant.at - instant.windowSeconds;
    const anchor = only(await read.samples(selected.metric, lookbackSeconds, begins)).at(-1);
    return { ...twin, ...(answer !== undefined && { answer }), anchored: whole, ...(anchor && { anchor }) };
  };
  return {
    ...measured,
    lazy: await answered(twins.lazy),
    zeroed: await answered(twins.zeroed),
    dated: await answered(twins.dated),
  };
};

const isFiring = (labels: Record<string, string>, alertname: string) =>
  labels.alertname === alertname && labels.alertstate === 'firing';

const firstNotified = (inbox: readonly Notification[], { alert }: Twin, { instance, at }: Burst): number | undefined =>
  inbox
    .filter(
      ({ alertname, status, labels }) => alertname === alert && status === 'firing' && labels.instance === instance,
    )
    .map(({ receivedAt }) => receivedAt)
    .filter((received) => received >= at)
    .sort((one, other) => one - other)[0];

/** Two scrapes and a half with the errors, an evaluation after them, and the way of its alert. */
const dueAt = ({ at }: Burst, { scrapeSeconds, evaluationSeconds }: Lab): number =>
  at + 2.5 * scrapeSeconds + evaluationSeconds + deliverySeconds;

/**
 * Half an interval after the second sample with the errors: from that sample on the lazily born counter has an
 * increase, and half an interval is what Prometheus carries the others over.
 */
const instantOf = ({ burst, lazy, zeroed, lab }: Measured): Instant | undefined => {
  // A scrape in the second of the errors still finds the 0.
  const second = ({ samples }: Counted) => samples.filter(([at, value]) => at > burst!.at && value > 0)[1]?.[0];
  const last = second(lazy) ?? second(zeroed);
  if (last === undefined) return undefined;
  return { at: milliseconds(last + lab.scrapeSeconds / 2) / 1000, windowSeconds: measuredWindow(lab) };
};

export const verdict = (measured: Measured): Judgement => {
  const { lab, since, burst, hasInbox, zeroed, lazy, dated } = measured;
  if (burst === undefined) return { kind: 'elsewhere', reason: 'no instance has errors that come all at once' };
  if (since >= burst.at) {
    return { kind: 'elsewhere', reason: `the errors came at ${clock(burst.at)}, before this Prometheus began` };
  }
  const due = dueAt(burst, lab);
  const instant = instantOf(measured);
  const isOver =
    instant !== undefined &&
    (zeroed.firing.at(-1)?.[0] ?? 0) >= instant.at &&
    [zeroed, dated].every(({ firing, notifiedAt }) => firing.length > 0 && (!hasInbox || notifiedAt !== undefined));
  if (!isOver && lab.now < due + deliverySeconds) {
    const reason = 'the errors, two scrapes of them and the notification';
    return { kind: 'wait', seconds: Math.max(1, Math.ceil(due - lab.now)), reason };
  }
  if (instant === undefined) return { kind: 'measured', findings: [neverScraped(burst)] };
  if ((zeroed.samples[0]?.[0] ?? burst.at) >= burst.at) {
    const reason = `the errors came before the first scrape of ${burst.instance}`;
    return { kind: 'elsewhere', reason, type: 'make exp-10 SCRAPE_INTERVAL=5s' };
  }
  const earlier = ({ before }: Counted) => inWindow(before, instant.at, instant.windowSeconds);
  if (growth(earlier(zeroed)) > 0 || earlier(lazy).length > 0 || (zeroed.firing[0]?.[0] ?? burst.at) < burst.at) {
    return { kind: 'elsewhere', reason: 'errors of before are still in the window' };
  }
  return {
    kind: 'measured',
    findings: [
      whatHappened(burst),
      bornLate(lazy, burst, instant),
      neverFired(lazy, zeroed),
      ...fromZero(zeroed, burst, instant, hasInbox),
      ...fromBirth(dated, burst, instant, hasInbox),
      anchored(measured, instant),
    ],
  };
};

const neverScraped = ({ instance, count, at }: Burst) => ({
  claim: `the errors of ${clock(at)} were scraped`,
  holds: false,
  evidence: zeroed.metric,
  expected: `two samples of ${count} of ${instance}`,
  measured: 'fewer',
  look: 'make status: is the exporter scraped?',
});

/** Measures the running lab and judges it. */
export const check = async (read: Reader, lab: Lab): Promise<Judgement> => verdict(await measure(read, lab));
