import { requests as counter } from '../../lab/model/metrics.ts';

/** What rules.yml records; a test ties the two. */
export const recorded = 'version:requests:rate2m';
export const recordedUnique = 'version:requests_deduped:rate2m';
export const recordedCount = 'instance:versions:count';

export const windowSeconds = 120;

/** The one side of the join: as it is, and with one version of each instance. */
export const matching = 'build_info';
export const unique = 'topk by (job, instance) (1, build_info)';

/** @param one  the one side: `matching` or `unique` */
export const join = (one: string): string => `rate(${counter}[2m]) * on (job, instance) group_left (version) ${one}`;
export const joined = (one: string): string => `sum by (version) (${join(one)})`;
export const count = 'count by (job, instance) (build_info)';
