import { instanceName, job } from '../../lab/model/metrics.ts';
import type { Rule } from '../../lab/model/plan.ts';

/** What rules.yml and compose.yaml have; tests tie them. */
export const waiting = 'jobs_waiting';
export const done = 'jobs_done_total';
export const failedShare = 'instance:scrapes_failed:ratio1m';
export const queueLong = 'QueueLong';
export const scrapesFail = 'ScrapesFail';
/** More jobs than that are too many, and as many delay the slow page for as long as Prometheus waits. */
export const longJobs = 1_000;
/** The queue is long and short once in so many seconds. */
export const periodSeconds = 18;

export const [slow, fast] = [instanceName(2), instanceName(3)];
export const of = (metric: string, instance: string): string => `${metric}{job="${job}",instance="${instance}"}`;

/** All of rules.yml. */
export const written: readonly Rule[] = [
  {
    record: failedShare,
    expr: `1 - avg_over_time(up[1m]) and on (job, instance) last_over_time(${waiting}[1m])`,
  },
  { alert: queueLong, expr: `${waiting} > ${longJobs}`, labels: { severity: 'warning' } },
  { alert: scrapesFail, expr: `${failedShare} > 0.1`, labels: { severity: 'warning' } },
];
