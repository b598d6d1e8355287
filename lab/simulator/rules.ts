import { highCpu, targetDown } from '../model/alerts.ts';
import type { Rule } from '../model/plan.ts';
import { type ActiveAlert, AlertLife } from '../promql/alert.ts';
import { type Restoring, restoredActiveAt } from '../promql/for-state.ts';
import type { Series } from '../promql/sample.ts';
import type { Inbox } from './inbox.ts';
import { evaluate, RefusedError } from './query.ts';
import type { Line, Store } from './store.ts';

/** The rules that every state of the lab has; a test ties them to prometheus/rules/. */
export const baseRules: readonly Rule[] = [
  {
    alert: highCpu.name,
    expr: `cpu_usage_simulated > ${highCpu.thresholdPercent}`,
    forSeconds: highCpu.forSeconds,
    labels: { severity: 'warning' },
  },
  {
    alert: targetDown.name,
    expr: 'up{job=~"my_app|prometheus",instance=~"exporter:8000|prometheus:9090"} == 0',
    forSeconds: targetDown.forSeconds,
    labels: { severity: 'critical' },
  },
  { record: 'instance:cpu_usage:avg', expr: 'avg without (core) (cpu_usage)' },
  { record: 'instance:requests:rate1m', expr: 'rate(requests_total[1m])' },
];

/** Prometheus' flag `--rules.alert.resend-delay`, as the lab sets it. */
export const resendSeconds = 5;

/** What evaluates the rules of one Prometheus, from its start to its end. */
export type Ruler = {
  /** Evaluates each of them once: what they return is stored, and sent to Alertmanager. @param at  unix seconds */
  evaluate: (at: number) => void;
  /** Prometheus was killed: what is not sent again is over for Alertmanager. */
  abandon: () => void;
};

/** What is known of a Prometheus whose rules are to be evaluated. */
export type Ruled = {
  rules: readonly Rule[];
  evaluationSeconds: number;
  store: Store;
  inbox: Inbox;
  /** its flags about restoring `for` */
  flags: Omit<Restoring, 'forSeconds'>;
  /** another Prometheus evaluated rules on the same data before it */
  follows: boolean;
};

/** Rules by the simulator's own PromQL, and their alerts by the lab's own model of Prometheus' rule manager. */
export const simulatedRules = ({ rules, evaluationSeconds, store, inbox, flags, follows }: Ruled): Ruler => {
  const loops = rules.map((rule) => new RuleLoop(rule, store, inbox, follows ? flags : undefined));
  return {
    evaluate: (at) => {
      const stored = store.asOf(at + 0.001);
      for (const loop of loops) loop.evaluate((expr) => evaluate(stored, expr, at), at);
    },
    abandon: () => {
      for (const loop of loops) loop.abandon(evaluationSeconds);
    },
  };
};

/** A Prometheus that has just begun stores no states of alerts at its first evaluations. */
const firstStored = 2;

/** One rule, evaluated again and again; it remembers what it stored last and which alerts are active. */
class RuleLoop {
  readonly #rule: Rule;
  readonly #store: Store;
  readonly #notify: Inbox;
  #evaluations = 0;
  #shown = new Set<Line>();
  readonly #alerts: AlertLife;
  readonly #restoring: Omit<Restoring, 'forSeconds'> | undefined;
  /** the last evaluation after which each was sent to Alertmanager */
  readonly #sentAt = new WeakMap<ActiveAlert, number>();

  /** @param restoring  of a Prometheus that follows another on the same data: how it restores `for` */
  constructor(rule: Rule, store: Store, inbox: Inbox, restoring?: Omit<Restoring, 'forSeconds'>) {
    this.#restoring = restoring;
    this.#rule = rule;
    this.#alerts = new AlertLife('alert' in rule ? rule : {});
    this.#store = store;
    this.#notify = inbox;
  }

  /** Prometheus was killed: what is not sent again is over for Alertmanager four times the interval later. */
  abandon(evaluationSeconds: number): void {
    if ('record' in this.#rule) return;
    for (const alert of this.#alerts.active) {
      const sentAt = this.#sentAt.get(alert);
      if (sentAt === undefined) continue;
      const endsAt = sentAt + 4 * Math.max(evaluationSeconds, resendSeconds);
      this.#notify.send(this.#rule.alert, 'resolved', alert.labels, alert.firedAt!, endsAt);
    }
  }

  /** @param ask  an instant query at the evaluation */
  evaluate(ask: (expr: string) => Series[], at: number): void {
    this.#evaluations += 1;
    let found: Series[];
    try {
      found = ask(this.#rule.expr);
    } catch (error) {
      // An evaluation that fails stores nothing and marks nothing as stale.
      if (error instanceof RefusedError) return;
      throw error;
    }
    const committedAt = at + 0.002;
    const shown = new Set<Line>();
    const store = (labels: Record<string, string>, value: number) => {
      const line = this.#store.line(labels);
      line.store(at, value, committedAt);
      shown.add(line);
    };
    const results = found.map(({ labels: { __name__, ...labels }, samples }) => ({
      labels: { ...labels, ...this.#rule.labels },
      value: samples[0]![1],
    }));
    if ('record' in this.#rule) {
      for (const { labels, value } of results) store({ ...labels, __name__: this.#rule.record }, value);
    } else {
      this.#follow(
        results.map(({ labels }) => labels),
        at,
      );
      for (const { labels, activeAt, firedAt } of this.#alerts.active) {
        if (this.#evaluations <= firstStored) continue;
        const alert = { alertname: this.#rule.alert, ...labels };
        const alertstate = firedAt === undefined ? 'pending' : 'firing';
        store({ __name__: 'ALERTS', alertstate, ...alert }, 1);
        store({ __name__: 'ALERTS_FOR_STATE', ...alert }, Math.floor(activeAt));
      }
      if (this.#evaluations === firstStored) this.#restore(at);
    }
    for (const line of this.#shown) if (!shown.has(line)) line.end(at, committedAt);
    this.#shown = shown;
  }

  #follow(results: readonly Record<string, string>[], at: number): void {
    if ('record' in this.#rule) return;
    const { alert } = this.#rule;
    const { fired, resolved } = this.#alerts.evaluate(results, at);
    for (const { labels, firedAt } of resolved) this.#notify.send(alert, 'resolved', labels, firedAt!, at);
    for (const { labels } of fired) this.#notify.send(alert, 'firing', labels, at, at);
    for (const active of this.#alerts.active) {
      const sentAt = this.#sentAt.get(active) ?? Number.NEGATIVE_INFINITY;
      if (active.firedAt !== undefined && sentAt + resendSeconds < at) this.#sentAt.set(active, at);
    }
  }

  #restore(at: number): void {
    if (this.#restoring === undefined || 'record' in this.#rule) return;
    for (const active of this.#alerts.active) {
      const labels = { __name__: 'ALERTS_FOR_STATE', alertname: this.#rule.alert, ...active.labels };
      const { samples, staleAt } = this.#store.line(labels);
      const last = samples.at(-1);
      if (last === undefined || (staleAt.at(-1) ?? 0) > last[0]) continue;
      const restoring = { forSeconds: this.#rule.forSeconds ?? 0, ...this.#restoring };
      active.activeAt = restoredActiveAt({ at: last[0], activeAt: last[1] }, at, restoring) ?? active.activeAt;
    }
  }
}
