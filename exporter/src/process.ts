import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

const startTime = {
  name: 'process_start_time_seconds',
  help: 'Start time of the process since unix epoch in seconds.',
};

/**
 * prom-client's default metrics of the process. What it exposes of Node besides (event loop, garbage
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

/** The same for an instance whose processes come and go: when the one that runs began. */
export const restartingProcess = (startedAt: () => number): Registry => {
  const registry = processMetrics();
  registry.removeSingleMetric(startTime.name);
  return startTimeMetric(startedAt, registry);
};

/** The one metric of a process that says something of the lab: where nothing runs, as in the simulator, it is all there is. */
export const startTimeMetric = (startedAt: () => number, registry = new Registry()): Registry => {
  new Gauge({
    ...startTime,
    registers: [registry],
    collect() {
      this.set(startedAt());
    },
  });
  return registry;
};
