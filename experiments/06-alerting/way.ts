import { highCpu } from '../../lab/model/alerts.ts';
import type { Notification } from '../../lab/model/reader.ts';
import type { Sample } from '../../lab/promql/sample.ts';

/** What is stored of an alert, and what was sent of it. */
export type Stored = {
  prometheusStartedAt: number;
  evaluationSeconds: number;
  forSeconds: number;
  gauge: Sample[];
  /** `up` at the same scrapes: a failed one ends the series, and with it the alert */
  up: Sample[];
  /** ALERTS_FOR_STATE: each evaluation of an active alert; the value is when it became active, in whole seconds */
  active: Sample[];
  /** ALERTS in the state firing */
  firing: Sample[];
  /** undefined where nothing receives notifications */
  notifications: Notification[] | undefined;
};

/** The way of one alert. Times are unix seconds; a later step that has not come yet is missing. */
export type Way = {
  /** the first sample over the threshold; undefined where that was before Prometheus began */
  over?: number;
  /** the evaluation that first found it, also where Prometheus had just begun and did not store the state yet */
  pending: number;
  /** stored evaluations at which it was active */
  evaluations: number[];
  firing?: number;
  notification?: Notification;
  /** the first evaluation that no longer found it */
  resolved?: number;
  resolution?: Notification;
};

/** Evaluations come in step; one that is missed, or is not stored yet, is no end. */
const patience = 2.5;

/** Prometheus stores milliseconds. */
const slack = 0.002;

/** The alert that is active at an instant. */
export const activeWay = (stored: Stored, now: number): Way | undefined => {
  const last = stored.active.at(-1);
  const isActive = last !== undefined && now - last[0] <= patience * stored.evaluationSeconds;
  return isActive ? wayOf(stored, last[1], now) : undefined;
};

/** The last alert that came to fire under the Prometheus that runs. */
export const lastFired = (stored: Stored, now: number): Way | undefined => {
  const fired = stored.firing.findLast(([at]) => at > stored.prometheusStartedAt)?.[0];
  const since = stored.active.find(([at]) => at === fired)?.[1];
  return since === undefined ? undefined : wayOf(stored, since, now);
};

/** @param since  when the alert became active, in whole seconds: one alert has one such start */
const wayOf = (stored: Stored, since: number, now: number): Way => {
  const { evaluationSeconds, forSeconds, firing: firings } = stored;
  const evaluations = stored.active.filter(([, start]) => start === since).map(([at]) => at);
  const pending = exactStart(evaluations[0]!, since, evaluationSeconds);
  const over = firstOver(stored, pending);
  const firing = firings.find(([at]) => evaluations.includes(at))?.[0];
  const way = { ...(over === undefined ? {} : { over }), pending, evaluations };
  if (firing === undefined) return way;
  const sent = (status: Notification['status']) =>
    stored.notifications?.find(
      (each) =>
        each.status === status && each.startsAt >= pending + forSeconds - slack && each.startsAt <= firing + slack,
    );
  const notification = sent('firing');
  const fired = { ...way, firing, ...(notification && { notification }) };
  const last = evaluations.at(-1)!;
  if (now - last <= patience * evaluationSeconds) return fired;
  const resolution = sent('resolved');
  return { ...fired, resolved: last + evaluationSeconds, ...(resolution && { resolution }) };
};

/**
 * When an alert became active, to the millisecond: evaluations come in step, so it is the one before the first that
 * is stored, or one of those before it, that lies in the stored second.
 */
const exactStart = (stored: number, since: number, evaluationSeconds: number): number => {
  for (let at = stored; at > since - 1; at -= evaluationSeconds) if (Math.floor(at + slack) === since) return at;
  return since;
};

/** The start of the run of samples over the threshold that the evaluation met. */
const firstOver = ({ gauge, up, prometheusStartedAt }: Stored, pending: number): number | undefined => {
  let first: number | undefined;
  for (const [at, value] of gauge.filter(([time]) => time <= pending + slack).reverse()) {
    const isBroken = first !== undefined && up.some(([time, isUp]) => isUp === 0 && time > at && time < first!);
    if (value <= highCpu.thresholdPercent || isBroken) return first;
    if (at < prometheusStartedAt) return undefined;
    first = at;
  }
  return first;
};
