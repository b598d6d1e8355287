import { firedAt } from '../../lab/evidence/alerts.ts';
import { seriesOf } from '../../lab/evidence/fleet.ts';
import { only } from '../../lab/evidence/samples.ts';
import type { Lab } from '../../lab/model/lab.ts';
import { instanceName } from '../../lab/model/metrics.ts';
import type { AlertFlags } from '../../lab/model/reader.ts';
import type { ForState } from '../../lab/promql/for-state.ts';
import type { Sample, Series } from '../../lab/promql/sample.ts';

const dependency = (name: string): string => `dependency_up{dependency="${name}"}`;
export const database = dependency('database');
export const cache = dependency('cache');

/** Of the same scrape as `up`. */
const fresh = `and on (job, instance) timestamp(up) == on (job, instance) timestamp(${database})`;

/** What rules.yml has; a test ties the two. */
export const evaluated = {
  record: 'instance:dependencies_down:count',
  expr: `count by (job, instance) (dependency_up == 0 ${fresh})`,
};
/** Its `for` is below the grace period, as long as that is a minute. */
export const brief = { alert: 'DatabaseDown', expr: `${database} == 0 ${fresh}`, forSeconds: 10 };
export const long = { alert: 'DatabaseDownLong', expr: `${database} == 0 ${fresh}`, forSeconds: 300 };
export const kept = { alert: 'CacheDown', expr: `${cache} == 0 ${fresh}`, keepFiringForSeconds: 1_800 };

export const firing = (alert: string): string => `ALERTS{alertname="${alert}",alertstate="firing"}`;
export const forState = (alert: string): string => `ALERTS_FOR_STATE{alertname="${alert}"}`;

/** What Prometheus stored of the outage. Times are unix seconds, in their order. */
export type Stored = {
  /** of the group of rules */
  evaluations: number[];
  database: readonly Sample[];
  cache: readonly Sample[];
  /** at which an alert fired */
  firing: (alert: string) => number[];
  forStates: (alert: string) => ForState[];
};

/** @param series  of `metricsRead`, since the outage began */
export const storedIn = (series: readonly Series[]): Stored => {
  const samples = (name: string, labels: Record<string, string> = {}) =>
    only(
      seriesOf(series, name, instanceName()).filter((each) =>
        Object.entries(labels).every(([key, value]) => each.labels[key] === value),
      ),
    );
  return {
    evaluations: samples(evaluated.record).map(([at]) => at),
    database: samples('dependency_up', { dependency: 'database' }),
    cache: samples('dependency_up', { dependency: 'cache' }),
    firing: (alertname) => firedAt(series, { alertname, instance: instanceName() }),
    forStates: (alertname) =>
      samples('ALERTS_FOR_STATE', { alertname }).map(([at, activeAt]): ForState => ({ at, activeAt })),
  };
};
export const metricsRead = ['ALERTS', 'ALERTS_FOR_STATE', 'dependency_up', evaluated.record];

/** A restart while the alert fired: the last evaluation before it, and those after it. */
export type Restart = { last: number; after: number[] };

/** @returns undefined where this Prometheus is the one that has seen the outage begin */
export const restartIn = ({ evaluations, firing: fired }: Stored, lab: Lab): Restart | undefined => {
  const { prometheusStartedAt, applied } = lab;
  // The step itself starts Prometheus anew, after the exporter.
  if (applied && prometheusStartedAt <= applied.to) return undefined;
  const last = evaluations.findLast((at) => at < prometheusStartedAt);
  if (last === undefined || !fired(brief.alert).some((at) => at < prometheusStartedAt)) return undefined;
  return { last, after: evaluations.filter((at) => at >= prometheusStartedAt) };
};

/** An alert that is not sent again is over for Alertmanager so long after its last sending. */
export const holdSeconds = ({ evaluationSeconds }: Lab, { resendSeconds }: AlertFlags): number =>
  4 * Math.max(evaluationSeconds, resendSeconds);
