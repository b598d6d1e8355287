/** Names of the exporter's metrics, and the expressions over them that more than one place shows. */

export const cpu = 'cpu_usage_simulated';
export const memory = 'memory_usage_simulated';
export const cores = 'cpu_usage';
export const requests = 'requests_total';

/** The last six samples of the base lab in one figure. */
export const averagedCpu = `avg_over_time(${cpu}[30s])`;
export const requestRate = `rate(${requests}[1m])`;
export const targetUp = 'up';
/** A series per signal, 1 while the exporter plays it. */
export const signalInfo = 'lab_info';
/** Above it the simulated CPU counts as a spike, and for the alert HighCPU, percent. */
export const highCpuPercent = 80;
