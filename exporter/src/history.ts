import { type Instance, targetLabels } from './instance.ts';
import { instants, type Range } from './range.ts';
import { corePercent } from './signals/cores.ts';
import { busySecondsOf, cpuPercent, spikesOf } from './signals/cpu.ts';
import { memoryPercent } from './signals/memory.ts';
import { requestsOf } from './signals/requests.ts';

type Family = { type: 'counter' | 'gauge'; name: string; series: { labels: string; values: number[] }[] };

/** More cores than these have no history: an hour of 100 000 would take minutes and gigabytes. */
const historyCores = 200;

const reportedCores = (world: Instance): number => Math.min(world.cores, historyCores);

/** Points that one step of the history holds. */
export const historySeries = (world: Instance): number => 7 + reportedCores(world);

/** An answer in pieces may be longer than one at once: an hour of 200 cores, every second. */
export const historyPointLimit = 1_000_000;

/** Points of a piece: few enough that a scrape in between hardly waits. */
const piecePoints = 20_000;

/**
 * The past as OpenMetrics with timestamps, for `promtool tsdb create-blocks-from openmetrics`, in pieces.
 * Before `startedAt` an earlier process is named, which began at `from`: the counters fall to zero
 * where this process took over, as after any restart, and `process_start_time_seconds` says so.
 */
export function* history(world: Instance, range: Range): Generator<string> {
  const at = instants(range);
  const earlier = countersOf({ ...world, startedAt: Math.floor(range.from) });
  const own = countersOf(world);
  const lifeAt = (instant: number) => (instant < world.startedAt ? earlier : own);
  const size = Math.max(1, Math.floor(piecePoints / historySeries(world)));
  for (let index = 0; index < at.length; index += size) {
    const piece = at.slice(index, index + size);
    yield familiesOf(world, piece, lifeAt)
      .map((family) => exposition(family, piece))
      .join('');
  }
  yield '# EOF\n';
}

type Counters = ReturnType<typeof countersOf>;

const countersOf = (world: Instance) => ({
  startedAt: world.startedAt,
  requests: requestsOf(world),
  spikes: spikesOf(world),
  busySeconds: busySecondsOf(world),
});

const familiesOf = (world: Instance, at: number[], lifeAt: (instant: number) => Counters): Family[] => {
  const { signal, seed } = world;
  const target = targetLabels(world);
  const series = (value: (instant: number) => number, labels = '') => ({
    labels: labels + target,
    values: at.map(value),
  });
  const gauge = (name: string, value: (instant: number) => number, labels = ''): Family => ({
    type: 'gauge',
    name,
    series: [series(value, labels)],
  });
  const counter = (name: string, value: (life: Counters, instant: number) => number): Family => ({
    type: 'counter',
    name,
    series: [series((instant) => value(lifeAt(instant), instant))],
  });
  const cores = Array.from({ length: reportedCores(world) }, (_, index) => index + 1);
  return [
    gauge('cpu_usage_simulated', (instant) => cpuPercent(signal, instant, seed)),
    gauge('memory_usage_simulated', (instant) => memoryPercent(instant, seed)),
    {
      type: 'gauge',
      name: 'cpu_usage',
      series: cores.map((core) => series((instant) => corePercent(core, instant, seed), `core="core${core}",`)),
    },
    counter('requests', (life, instant) => life.requests(instant)),
    counter('cpu_spikes', (life, instant) => life.spikes(instant)),
    counter('cpu_busy_seconds', (life, instant) => life.busySeconds(instant)),
    gauge('lab_info', () => 1, `signal="${signal}",seed="${seed}",`),
    gauge('process_start_time_seconds', (instant) => lifeAt(instant).startedAt),
  ];
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
