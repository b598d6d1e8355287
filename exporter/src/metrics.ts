import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Scrape } from './scrape.ts';
import { coreExposition } from './signals/cores.ts';
import { registerCpu } from './signals/cpu.ts';
import { registerMemory } from './signals/memory.ts';
import { registerRequests } from './signals/requests.ts';
import { runningTotals } from './totals.ts';
import type { World } from './world.ts';

export const contentTypes = { text: Registry.PROMETHEUS_CONTENT_TYPE, openmetrics: Registry.OPENMETRICS_CONTENT_TYPE };
export type Format = keyof typeof contentTypes;

/**
 * A fresh registry with every metric of the lab, each evaluated at the instant of the scrape.
 * @param clock  unix seconds, fractions included
 * @returns a function that renders one scrape
 */
export const createMetrics = (world: World, clock: () => number): ((format: Format) => Promise<string>) => {
  const registry = new Registry();
  const totals = runningTotals(world, world.startedAt);
  const cores = coreExposition(world.cores);
  let instant = clock();
  const scrape: Scrape = { registry, world, instant: () => instant, totals: () => totals(instant) };

  registerCpu(scrape);
  registerMemory(scrape);
  registerRequests(scrape);
  new Gauge({
    name: 'lab_info',
    help: 'Which signal the exporter is playing; the value is always 1.',
    labelNames: ['signal'],
    registers: [registry],
  }).set({ signal: world.signal }, 1);
  registerProcess(registry);

  return async (format) => {
    instant = clock();
    const few = await registry.metrics();
    const many = cores(instant, world.seed);
    return format === 'text' ? few + many : `${openMetrics(few)}${many}# EOF\n`;
  };
};

/**
 * prom-client's default metrics of the process. What it tells of Node besides (event loop, garbage
 * collector, handles) takes seven eighths of a small scrape's time, and the lab is not about Node.
 */
const registerProcess = (registry: Registry): void => {
  const never = 2 ** 31 - 1;
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: never });
  for (const { name } of registry.getMetricsAsArray()) {
    if (name.startsWith('nodejs_') && name !== 'nodejs_version_info') registry.removeSingleMetric(name);
  }
};

/**
 * The text format as OpenMetrics: no blank lines, a counter's family named without `_total`. `# EOF` is
 * left to the caller.
 * prom-client's own OpenMetrics mode renames the metrics of the registry for good, so that one
 * registry could not serve both formats.
 */
export const openMetrics = (text: string): string =>
  text
    .replaceAll(/\n{2,}/g, '\n')
    .replaceAll(/^# HELP (\w+)_total (.*)\n# TYPE \1_total counter$/gm, '# HELP $1 $2\n# TYPE $1 counter');
