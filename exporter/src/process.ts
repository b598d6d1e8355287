import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/**
 * prom-client's default metrics of the process. What it tells of Node besides (event loop, garbage
 * collector, handles) takes seven eighths of a small scrape's time, and the lab is not about Node.
 */
export const processMetrics = (): Registry => {
  const registry = new Registry();
  const never = 2 ** 31 - 1;
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: never });
  for (const { name } of registry.getMetricsAsArray()) {
    if (name.startsWith('nodejs_') && name !== 'nodejs_version_info') registry.removeSingleMetric(name);
  }
  return registry;
};

/** The one metric of a process that says something of the lab: where nothing runs, as in the simulator, it is all there is. */
export const startTimeMetric = (startedAt: number): Registry => {
  const registry = new Registry();
  const help = 'Start time of the process since unix epoch in seconds.';
  new Gauge({ name: 'process_start_time_seconds', help, registers: [registry] }).set(startedAt);
  return registry;
};
