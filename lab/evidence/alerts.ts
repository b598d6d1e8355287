import type { Lab } from '../model/lab.ts';
import type { Notification } from '../model/reader.ts';
import type { Series } from '../promql/sample.ts';
import { only } from './samples.ts';

/** What Prometheus has stored of alerts, and what notifications say of them. */

/** One alert, by its name and whichever labels are named, such as `instance` or `job`; else the only one of that name. */
export type OneAlert = { alertname: string; [label: string]: string | undefined };

const isOf = (labels: Readonly<Record<string, string>>, alert: OneAlert): boolean =>
  Object.entries(alert).every(([name, value]) => value === undefined || labels[name] === value);

/**
 * The evaluations at which an alert fired, in their order, unix seconds.
 * @param stored  samples of ALERTS, and whatever else
 * @throws AmbiguousError where several alerts have that name
 */
export const firedAt = (stored: readonly Series[], alert: OneAlert): number[] =>
  only(
    stored.filter(
      ({ labels }) => labels.__name__ === 'ALERTS' && labels.alertstate === 'firing' && isOf(labels, alert),
    ),
  ).map(([at]) => at);

/** The notifications of an alert that say so, in the order in which they came. */
export const notified = (
  notifications: readonly Notification[],
  alert: OneAlert,
  status: Notification['status'],
): Notification[] =>
  notifications.filter((each) => each.status === status && isOf({ ...each.labels, alertname: each.alertname }, alert));

/**
 * ALERTS is stored from the third evaluation of a Prometheus on, whatever fires before that.
 * @returns unix seconds by which that is over, wherever in an interval the first evaluation is
 */
export const alertsStoredFrom = ({
  prometheusStartedAt,
  evaluationSeconds,
}: Pick<Lab, 'prometheusStartedAt' | 'evaluationSeconds'>): number => prometheusStartedAt + 3 * evaluationSeconds;

/** The notifications as they were sent, in the order in which they came: each has the alerts of one group. */
export const sentTogether = (notifications: readonly Notification[]): Notification[][] => {
  const sent = new Map<string, Notification[]>();
  for (const each of notifications) {
    const key = `${each.receivedAt} ${each.group}`;
    sent.set(key, [...(sent.get(key) ?? []), each]);
  }
  return [...sent.values()].sort(([one], [other]) => one!.receivedAt - other!.receivedAt);
};
