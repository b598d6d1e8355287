import { short, whole } from '../../support/table.ts';
import { type Figures, type Fitted, needsOf, type Plan, seriesOn } from './figures.ts';
import type { Measurement } from './measure.ts';
import { windows } from './queries.ts';

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** What is fitted is no more exact than two digits. */
export const fitted = (value: number): string => short(value, 2);

const units = [
  [1e12, 'TB'],
  [1e9, 'GB'],
  [1e6, 'MB'],
  [1e3, 'kB'],
] as const;
const bytesBy = (written: (value: number) => string, value: number): string => {
  const [size, unit] = units.find(([each]) => value >= each) ?? [1, 'B'];
  return `${written(value / size)} ${unit}`;
};
const timeBy = (written: (value: number) => string, seconds: number): string =>
  seconds < 1 ? `${written(1e3 * seconds)} ms` : `${written(seconds)} s`;

export const bytes = (value: number): string => bytesBy(fitted, value);
export const time = (seconds: number): string => timeBy(fitted, seconds);
export const micro = (seconds: number): string => `${fitted(1e6 * seconds)} µs`;

/** What is measured has three digits. */
export const measuredTable = (measurements: readonly Measurement[]): string =>
  table(
    [
      'series',
      'samples/s',
      'server',
      'memory',
      'of it in use',
      'after the queries',
      'CPU',
      'load',
      ...windows.map((window) => `query, ${window} samples each`),
    ],
    measurements.map(
      ({ series, name, cost: { residentBytes, heapBytes, afterwardsBytes, cpu, samplesPerSecond, load, queries } }) => [
        whole(series),
        short(samplesPerSecond),
        name,
        bytesBy(short, residentBytes),
        bytesBy(short, heapBytes),
        bytesBy(short, afterwardsBytes),
        `${short(100 * cpu)} %`,
        fitted(load),
        ...queries.slice(-windows.length).map(({ milliseconds }) => timeBy(short, milliseconds / 1_000)),
      ],
    ),
  );

/** A slope that other work on the machine outweighed says nothing. */
const above0 = (written: (value: number) => string, value: number): string =>
  value > 0 ? written(value) : 'too little to measure';

const figureRows = ({
  resident,
  heap,
  memoryPerSample,
  disk,
  logPerSample,
  cpu,
  query,
}: Figures): [string, string][] => [
  ['memory, always', above0(bytes, resident.base)],
  ['memory, each series', bytes(resident.perSeries)],
  ['of it in use after a garbage collection', bytes(heap.perSeries)],
  ['of it in use, each further sample', above0(bytes, memoryPerSample)],
  ['disk, each series of a block', disk ? bytes(disk.perSeries) : 'as Prometheus'],
  ['disk, each sample of a block', disk ? bytes(disk.perSample) : 'as Prometheus'],
  ['log, each sample, for three hours', logPerSample === undefined ? 'none' : bytes(logPerSample)],
  ['CPU, each sample that is scraped or received', above0(micro, cpu.perSample)],
  ['CPU, each series of a `rate()` that is evaluated', micro(cpu.perEvaluatedSeries)],
  ['time of a query, always', above0(time, query.base)],
  ['time of a query, each series', above0(micro, query.perSeries)],
  ['time of a query, each sample in its windows', above0(micro, query.perSample)],
];

export const figuresTable = (servers: readonly Fitted[]): string => {
  const columns = servers.map(({ figures }) => figureRows(figures));
  return table(
    ['', ...servers.map(({ name }) => name)],
    columns[0]!.map(([what], row) => [what, ...columns.map((column) => column[row]![1])]),
  );
};

export const machineBytes = 64e9;

/** How many machines a plan takes, by memory alone. */
export const machinesFor = (figures: Figures, { series }: Plan): number =>
  Math.ceil(series / seriesOn(figures, machineBytes));

/** @param servers  Prometheus first */
export const exampleTable = (servers: readonly Fitted[], plans: readonly Plan[]): string =>
  table(
    [
      'series',
      'server',
      'memory',
      'cores',
      'disk',
      'CPU of one query over all',
      `machines of ${bytes(machineBytes)}`,
      '',
    ],
    plans.flatMap((plan) =>
      servers.map(({ name, largest, figures }) => {
        const needs = needsOf(figures, plan, servers[0]!.figures.disk);
        return [
          whole(plan.series),
          name,
          bytes(needs.residentBytes),
          fitted(needs.cores),
          `${bytes(needs.diskBytes)}${figures.disk ? '' : ', as Prometheus'}`,
          time(needs.queryCpuSeconds),
          whole(machinesFor(figures, plan)),
          plan.series > largest ? `extrapolated ${short(plan.series / largest)} times` : 'within what was measured',
        ];
      }),
    ),
  );
