import { instants, type Range } from './range.ts';
import { corePercent } from './signals/cores.ts';
import { cpuPercent } from './signals/cpu.ts';
import { memoryPercent } from './signals/memory.ts';
import { runningTotals, type Totals } from './totals.ts';
import { targetLabels, type World } from './world.ts';

type Family = { type: 'counter' | 'gauge'; name: string; series: { labels: string; values: number[] }[] };

/** Points that one step of the history holds. */
export const historySeries = (world: World): number => 7 + world.cores;

/**
 * The past as OpenMetrics with timestamps, for `promtool tsdb create-blocks-from openmetrics`.
 * Before `startedAt` an earlier process is told of, which began at `from`: the counters fall to zero
 * where this process took over, as after any restart, and `process_start_time_seconds` says so.
 */
export const history = (world: World, range: Range): string => {
  const at = instants(range);
  const life = (instant: number) => (instant < world.startedAt ? Math.floor(range.from) : world.startedAt);
  const totals = countersOf(world, at, life);
  const series = (values: number[], labels = '') => [{ labels: labels + targetLabels, values }];
  const gauge = (name: string, values: number[]): Family => ({ type: 'gauge', name, series: series(values) });
  const counter = (name: string, value: (totals: Totals) => number): Family => ({
    type: 'counter',
    name,
    series: series(totals.map(value)),
  });
  const cores = Array.from({ length: world.cores }, (_, index) => index + 1);
  const families: Family[] = [
    gauge(
      'cpu_usage_simulated',
      at.map((instant) => cpuPercent(world.signal, instant, world.seed)),
    ),
    gauge(
      'memory_usage_simulated',
      at.map((instant) => memoryPercent(instant, world.seed)),
    ),
    {
      type: 'gauge',
      name: 'cpu_usage',
      series: cores.flatMap((core) =>
        series(
          at.map((instant) => corePercent(core, instant, world.seed)),
          `core="core${core}",`,
        ),
      ),
    },
    counter('requests', ({ requests }) => requests),
    counter('cpu_spikes', ({ spikes }) => spikes),
    counter('cpu_busy_seconds', ({ busySeconds }) => busySeconds),
    {
      type: 'gauge',
      name: 'lab_info',
      series: series(
        at.map(() => 1),
        `signal="${world.signal}",`,
      ),
    },
    gauge('process_start_time_seconds', at.map(life)),
  ];
  return `${families.map((family) => exposition(family, at)).join('')}# EOF\n`;
};

const countersOf = (world: World, at: number[], life: (instant: number) => number): Totals[] => {
  const lives = new Map<number, (instant: number) => Totals>();
  return at.map((instant) => {
    const start = life(instant);
    const totals = lives.get(start) ?? runningTotals(world, start);
    lives.set(start, totals);
    return totals(instant);
  });
};

const exposition = ({ type, name, series }: Family, at: number[]): string => {
  const sample = type === 'counter' ? `${name}_total` : name;
  const lines = series.flatMap(({ labels, values }) =>
    values.map((value, index) => `${sample}{${labels}} ${value} ${timestamp(at[index]!)}\n`),
  );
  return `# TYPE ${name} ${type}\n${lines.join('')}`;
};

/** Milliseconds are all that Prometheus stores. */
const timestamp = (unixSeconds: number): string => unixSeconds.toFixed(3);
