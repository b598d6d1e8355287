import { grouping } from '../model/alerts.ts';
import type { ActiveAlert, AlertChanges } from '../promql/alert.ts';
import { keyOf as keyOfLabels } from '../promql/sample.ts';

/** A notification that says that something fires which was not said before. Seconds of the shift. */
export type Page = {
  at: number;
  alertname: string;
  /** what fires for the first time in it */
  alerts: readonly { labels: Record<string, string>; activeAt: number; firedAt: number }[];
};

type Group = { alertname: string; firing: Set<ActiveAlert>; notified: Set<string>; flushAt: number };

/** Each round asks for the keys of all that fire, and the labels of an alert never change. */
const keys = new WeakMap<Record<string, string>, string>();
const keyOf = (labels: Record<string, string>): string => {
  const key = keys.get(labels) ?? keyOfLabels(labels);
  keys.set(labels, key);
  return key;
};

/**
 * The pages that Alertmanager makes of alerts that begin and end, grouped as the lab's is. What it sends to say that
 * something has ended pages nobody; the longest shift is shorter than its `repeat_interval`.
 * Source: https://prometheus.io/docs/alerting/latest/configuration/#route, and the `needsUpdate` of its DedupStage.
 */
export class Pager {
  readonly pages: Page[] = [];
  readonly #groups = new Map<string, Group>();

  /** @param at  the second of the evaluation that changed this; never before an earlier one */
  notify(alertname: string, { fired, resolved }: AlertChanges, at: number): void {
    this.flushUntil(at);
    for (const alert of [...fired, ...resolved]) {
      const { labels } = alert;
      const key = JSON.stringify([alertname, labels.job]);
      const wait = labels.severity === 'critical' ? grouping.criticalWaitSeconds : grouping.waitSeconds;
      const group = this.#groups.get(key) ?? { alertname, firing: new Set(), notified: new Set(), flushAt: at + wait };
      this.#groups.set(key, group);
      if (resolved.includes(alert)) group.firing.delete(alert);
      else group.firing.add(alert);
    }
  }

  /** Sends everything that is due before a second. */
  flushUntil(before: number): void {
    for (;;) {
      const next = [...this.#groups].filter(([, { flushAt }]) => flushAt < before);
      if (next.length === 0) return;
      const [key, group] = next.reduce((one, other) => (other[1].flushAt < one[1].flushAt ? other : one));
      this.#flush(key, group);
    }
  }

  #flush(key: string, group: Group): void {
    const { alertname, firing, notified, flushAt } = group;
    const fresh = [...firing].filter(({ labels }) => !notified.has(keyOf(labels)));
    if (fresh.length > 0) {
      const alerts = fresh.map(({ labels, activeAt, firedAt }) => ({ labels, activeAt, firedAt: firedAt! }));
      this.pages.push({ at: flushAt, alertname, alerts });
    }
    group.notified = new Set([...firing].map(({ labels }) => keyOf(labels)));
    group.flushAt = flushAt + grouping.intervalSeconds;
    if (firing.size === 0) this.#groups.delete(key);
  }
}
