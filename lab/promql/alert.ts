/**
 * The life of an alerting rule's alerts: pending, firing, resolved, as Prometheus' rule manager has it.
 * Source: https://github.com/prometheus/prometheus/blob/main/rules/alerting.go, `Eval`.
 */

import { keyOf } from './sample.ts';

export type AlertTimes = {
  /** `for`, 0 without it */
  forSeconds?: number;
  /** `keep_firing_for`, 0 without it */
  keepFiringForSeconds?: number;
};

/** An alert that is pending or firing. Times are unix seconds, of evaluations. */
export type ActiveAlert = {
  labels: Record<string, string>;
  /** the first evaluation that returned it */
  activeAt: number;
  /** undefined while it is pending */
  firedAt?: number;
  /** while it is only kept firing: the first evaluation that did not return it any more */
  quietSince?: number;
};

/** What one evaluation changed. */
export type AlertChanges = { fired: ActiveAlert[]; resolved: ActiveAlert[] };

/** A time is stored in milliseconds. */
const slack = 0.0005;

/** One rule's alerts, from evaluation to evaluation. An evaluation that fails is none, and changes nothing. */
export class AlertLife {
  readonly #forSeconds: number;
  readonly #keepSeconds: number;
  readonly #active = new Map<string, ActiveAlert>();

  constructor({ forSeconds = 0, keepFiringForSeconds = 0 }: AlertTimes) {
    this.#forSeconds = forSeconds;
    this.#keepSeconds = keepFiringForSeconds;
  }

  /** What is pending or firing since the last evaluation. */
  get active(): ActiveAlert[] {
    return [...this.#active.values()];
  }

  /**
   * @param found  the labels of each series that the evaluation returned, with those of the rule
   * @param at     unix seconds
   */
  evaluate(found: readonly Record<string, string>[], at: number): AlertChanges {
    const changes: AlertChanges = { fired: [], resolved: [] };
    const returned = new Map(found.map((labels) => [keyOf(labels), labels]));
    for (const [key, labels] of returned) if (!this.#active.has(key)) this.#active.set(key, { labels, activeAt: at });
    for (const [key, alert] of this.#active) {
      if (returned.has(key)) delete alert.quietSince;
      else alert.quietSince ??= at;
      const { firedAt, quietSince, activeAt } = alert;
      const isKept = firedAt !== undefined && at - (quietSince ?? at) < this.#keepSeconds - slack;
      if (quietSince !== undefined && !isKept) {
        this.#active.delete(key);
        if (firedAt !== undefined) changes.resolved.push(alert);
      } else if (firedAt === undefined && at - activeAt >= this.#forSeconds - slack) {
        alert.firedAt = at;
        changes.fired.push(alert);
      }
    }
    return changes;
  }
}
