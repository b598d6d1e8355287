import { alertsStoredFrom } from '../../lab/evidence/alerts.ts';
import { exporterSince } from '../../lab/evidence/samples.ts';
import { grouping } from '../../lab/model/alerts.ts';
import type { Lab } from '../../lab/model/lab.ts';
import type { Notification } from '../../lab/model/reader.ts';
import { halfPeriodSeconds } from './flap.ts';

/**
 * What is counted, by the check and by the picture alike: episodes of firing. One begins at the evaluation at which an
 * alert fires and did not at the one before, and has one notification that says so; another one says that it is resolved.
 */
export type Counted = {
  /** unix seconds: an episode that goes on then counts as well */
  from: number;
  /** unix seconds: of a later one the notification may still be on its way */
  until: number;
};

/** More of it says no more. */
const longestSeconds = 600;
/** A notification goes out after so long at most where all is well. */
export const notificationSeconds = grouping.waitSeconds + grouping.intervalSeconds + 1;

const period = 2 * halfPeriodSeconds;
/** So long after a wave began every rule has seen that the CPU is low, and has an evaluation left before the next. */
const lowSeconds = 1.5 * halfPeriodSeconds;
const betweenWaves = (at: number): number => Math.ceil((at - lowSeconds) / period) * period + lowSeconds;
/** Right before a wave nobody knows which of the two the first evaluation will see. */
const clearOfWave = (at: number): number => (at % period > lowSeconds ? betweenWaves(at) : at);

/** Since the exporter simulates the wave and Prometheus stores what it finds; ten minutes at most. */
export const countedIn = (lab: Lab): Counted => {
  const since = exporterSince(lab);
  const stored = clearOfWave(alertsStoredFrom(lab));
  return {
    from: Math.max(since, stored, betweenWaves(lab.now - longestSeconds)),
    until: lab.now - notificationSeconds,
  };
};

/** The notifications of one alert that are about counted episodes, the resolved ones included. */
export const notificationsOf = (notifications: readonly Notification[], alert: string, lab: Lab): Notification[] => {
  const { from: since, until } = countedIn(lab);
  // Of a wave that was under way when Prometheus began nobody knows how long it has lasted: the check leaves it out.
  const from = since > exporterSince(lab) ? betweenWaves(since) : since;
  const own = notifications.filter(({ alertname }) => alertname === alert);
  const endOf = (startsAt: number): number =>
    own.find((each) => each.status === 'resolved' && each.startsAt === startsAt)?.endsAt ?? Number.POSITIVE_INFINITY;
  return own.filter(
    ({ startsAt }) =>
      startsAt <= until && (startsAt >= from || (startsAt >= lab.prometheusStartedAt && endOf(startsAt) > from)),
  );
};

/** How many episodes notifications say have begun, and how many have ended: one that is repeated counts once. */
export const episodesSaid = (notifications: readonly Notification[]): { fired: number; resolved: number } => {
  const startsOf = (wanted: Notification['status']) =>
    new Set(notifications.filter(({ status }) => status === wanted).map(({ startsAt }) => startsAt)).size;
  return { fired: startsOf('firing'), resolved: startsOf('resolved') };
};
