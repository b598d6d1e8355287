/** Three counters of the same errors, and the alert that rules.yml has on each: a test ties the names. */
export type Twin = { metric: string; alert: string };

/** Created with its first error, as client libraries do it: before that there is no series. */
export const lazy: Twin = { metric: 'errors_total', alert: 'ErrorsLazy' };
/** Exposed as 0 from the start. */
export const zeroed: Twin = { metric: 'errors_zeroed_total', alert: 'ErrorsFromZero' };
/** Created with its first error, and says when that was, where it is scraped as OpenMetrics. */
export const dated: Twin = { metric: 'errors_dated_total', alert: 'ErrorsDated' };

/** The window of the alerts and of the queries. */
export const window = '1m';
export const windowSeconds = 60;
