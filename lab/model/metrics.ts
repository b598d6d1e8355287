/** Names of the exporter's metrics, and the expressions over them that more than one place shows. */

export const cpu = 'cpu_usage_simulated';
export const memory = 'memory_usage_simulated';
export const cores = 'cpu_usage';
export const requests = 'requests_total';
export const spikes = 'cpu_spikes_total';
export const busySeconds = 'cpu_busy_seconds_total';
/** A series per signal, 1 while the exporter simulates it. */
export const signalInfo = 'lab_info';
/** What each request took, as a histogram: `_bucket`, `_sum` and `_count`. */
export const latency = 'http_request_duration_seconds';
export const startTime = 'process_start_time_seconds';

/** Prometheus writes these two itself, a sample of each per scrape. */
export const targetUp = 'up';
export const scrapeDuration = 'scrape_duration_seconds';

/** The last six samples of the base lab in one figure. */
export const averagedCpu = `avg_over_time(${cpu}[30s])`;
export const requestRate = `rate(${requests}[1m])`;

/** Recorded at every evaluation, by prometheus/rules/recording.yml. */
export const recordedAverage = 'instance:cpu_usage:avg';
export const recordedRate = 'instance:requests:rate1m';

/** The job that scrapes the exporter. */
export const job = 'my_app';

/** The job of Thanos' services, which the exporter's THANOS_TARGETS names. */
export const thanosJob = 'thanos';

/** The job of the learner's own target, OWN_TARGET. */
export const ownJob = 'own';

/** @param instance  1 is the exporter that is always there; a fleet has further ones */
export const instanceName = (instance = 1): string => `exporter:${7_999 + instance}`;

/**
 * The series of one instance of the exporter and of no other, which is what a verdict reads. What a learner is
 * shown may be shorter where the base lab has one such series.
 * @param matchers  further label matchers, such as `core="core1"`
 */
export const ofExporter = (metric: string, matchers = '', instance = 1): string =>
  `${metric}{${matchers}${matchers === '' ? '' : ','}job="${job}",instance="${instanceName(instance)}"}`;
