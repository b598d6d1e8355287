import { short, whole } from '../../support/table.ts';
import {
  type BytesPerSample,
  type Figures,
  fullSeriesBytes,
  type Needs,
  needsOf,
  ofEngine,
  ofPrometheus,
  type Plan,
  sendingPerSample,
  seriesOn,
} from './figures.ts';
import type { Size } from './measure.ts';
import { windows } from './queries.ts';

/** What `make bench PART=growth` keeps. */
export type Measured = {
  machine: string;
  prometheus: string;
  engine: string | undefined;
  sizes: readonly Size[];
  /** of memory in use, that each further sample of a series takes */
  bytesPerSample: BytesPerSample;
};

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const bytes = (value: number): string => {
  const unit = [
    [1e12, 'TB'],
    [1e9, 'GB'],
    [1e6, 'MB'],
    [1e3, 'kB'],
  ].find(([size]) => value >= (size as number)) as [number, string] | undefined;
  return unit === undefined ? `${short(value)} B` : `${short(value / unit[0])} ${unit[1]}`;
};
/** Two digits: what is fitted is no more exact. */
const rounded = (value: number): number => Number(value.toPrecision(2));
const micro = (seconds: number): string => `${short(1e6 * seconds)} µs`;
const time = (seconds: number): string => (seconds < 1 ? `${short(1e3 * seconds)} ms` : `${short(seconds)} s`);

const measuredTable = (sizes: readonly Size[]): string =>
  table(
    [
      'series',
      'samples/s',
      'server',
      'memory',
      'of it in use',
      'CPU',
      'load',
      ...windows.map((window) => `query, ${window} samples each`),
    ],
    sizes.flatMap(({ series, prometheus, engine }) =>
      (
        [
          ['Prometheus', prometheus],
          ['engine', engine],
        ] as const
      ).flatMap(([name, cost]) => {
        if (cost === undefined) return [];
        const times = cost.queries.slice(-2).map(({ milliseconds }) => time(milliseconds / 1_000));
        const { residentBytes, heapBytes, cpu, samplesPerSecond, load = Number.NaN } = cost;
        return [
          [
            whole(series),
            whole(Math.round(samplesPerSecond)),
            name,
            bytes(residentBytes),
            bytes(heapBytes),
            `${short(100 * cpu)} %`,
            short(load),
            ...times,
          ],
        ];
      }),
    ),
  );

const figureRows = (figures: Figures): [what: string, value: string][] => [
  ['memory, always', bytes(figures.resident.base)],
  ['memory, each series', bytes(figures.resident.perSeries)],
  ['of it in use after a garbage collection', bytes(figures.heap.perSeries)],
  ['of it in use, each further sample', bytes(figures.memoryPerSample)],
  ['disk, each series of a block', bytes(figures.disk.perSeries)],
  ['disk, each sample of a block', bytes(figures.disk.perSample)],
  ['log, each sample, for three hours', Number.isNaN(figures.logPerSample) ? 'none' : bytes(figures.logPerSample)],
  ['CPU, each sample that is scraped or received', micro(figures.cpu.perSample)],
  ['CPU, each series of a `rate()` that is evaluated', micro(figures.cpu.perEvaluatedSeries)],
  ['time of a query, always', time(Math.max(0, figures.query.base))],
  ['time of a query, each series', micro(figures.query.perSeries)],
  ['time of a query, each sample in its windows', micro(figures.query.perSample)],
];

const figuresTable = (prometheus: Figures, engine: Figures | undefined): string => {
  const other = engine && figureRows(engine);
  return table(
    ['', 'Prometheus', ...(other ? ['engine'] : [])],
    figureRows(prometheus).map(([what, value], index) => [what, value, ...(other ? [other[index]![1]] : [])]),
  );
};

/** The three sizes of the worked example. */
export const plans: readonly Plan[] = [10_000, 1_000_000, 100_000_000].map((series) => ({
  series,
  scrapeSeconds: 15,
  keptDays: 15,
  evaluationSeconds: 60,
}));

const largestOf = (sizes: readonly Size[]): number => Math.max(...sizes.map(({ series }) => series));

const exampleTable = (prometheus: Figures, engine: Figures | undefined, sizes: readonly Size[]): string => {
  const largest = {
    Prometheus: largestOf(sizes),
    engine: largestOf(sizes.filter((size) => size.engine !== undefined)),
  };
  const row = (
    name: keyof typeof largest,
    { series }: Plan,
    { residentBytes, cores, diskBytes, queryCpuSeconds }: Needs,
  ) => [
    whole(series),
    name,
    bytes(residentBytes),
    short(cores),
    bytes(diskBytes),
    time(queryCpuSeconds),
    series > largest[name]
      ? `extrapolated ${whole(Math.round(series / largest[name]))} times`
      : 'within what was measured',
  ];
  return table(
    ['series', 'in one', 'memory', 'cores', 'disk', 'CPU of one query over all', ''],
    plans.flatMap((plan) => [
      row('Prometheus', plan, needsOf(prometheus, plan)),
      ...(engine ? [row('engine', plan, needsOf(engine, plan))] : []),
    ]),
  );
};

const machineBytes = 64e9;

/** docs/scale.md, from what was measured: no figure in it is written by hand. */
export const scaleDocument = (measured: Measured): string => {
  const { machine, prometheus: version, engine: engineName, sizes, bytesPerSample } = measured;
  const prometheus = ofPrometheus(sizes, bytesPerSample);
  const engine = ofEngine(sizes, bytesPerSample);
  const largest = largestOf(sizes);
  const onOne = seriesOn(prometheus, machineBytes);
  const [small, million, many] = plans.map((plan) => needsOf(prometheus, plan)) as [Needs, Needs, Needs];
  const shards = Math.ceil(plans[2]!.series / onOne);
  const mostSamples = 50_000_000;
  return `# When one Prometheus is enough

\`make bench PART=growth\` measures and writes this page. Measured: ${sizes.map(({ series }) => whole(series)).join(', ')} series, half counters, half gauges with two random decimals, in targets of at most 10 000 series; ${version}${engineName ? `, and ${engineName}, to which it writes` : ''}; ${machine}. A query is \`sum(rate(…))\` over all counters, the fastest of some answers. The load is the machine's own: where it is above the number of cores, other work ran meanwhile, and a query took longer than it had to; CPU, memory and disk depend little on it.

${measuredTable(sizes)}

## Figures to plan with

Fitted to these sizes by least squares of relative errors. Bytes on disk are what a block takes for a few samples more, once its series are there; samples that move less take less. The series were about ten scrapes old: each further sample adds to memory what its row says, in Prometheus until a chunk of 120 of them is full and is mapped from disk. So a series takes up to ${bytes(fullSeriesBytes(prometheus))} there, which is what is planned with below.

${figuresTable(prometheus, engine)}
${engine ? `\nSending each sample to the engine takes another ${micro(sendingPerSample(sizes))} of CPU in Prometheus.\n` : ''}
## Worked example

A scrape every ${plans[0]!.scrapeSeconds} s, kept for ${plans[0]!.keptDays} days, each series evaluated by a rule once a minute, and one query over all of them.

${exampleTable(prometheus, engine, sizes)}

- **10 000 series** are nothing: one Prometheus with ${bytes(small.residentBytes)}. A second one beside it (experiment 18) is for failures, not for size.
- **A million series** fit into one: ${bytes(million.residentBytes)} of memory and ${short(million.cores)} cores; give it twice the memory, for queries, compaction and series that are new. A query over all of them takes ${time(million.queryCpuSeconds)} of CPU: record such sums by rules.
- **A hundred million** do not: ${bytes(many.residentBytes)}. A machine of ${bytes(machineBytes)}, half of it left free, carries ${whole(rounded(onOne))} series by these figures, so that takes ${shards} shards (experiment 17), twice as many with replicas. Nothing above ${whole(largest)} series was measured here: these are straight lines, and a machine that large has other limits too.

## Which way to go

- **Stay with one** while its memory fits twice into the machine, and while the queries that people wait for take under a second: Prometheus evaluates a query on one core, and at ${micro(prometheus.cpu.perEvaluatedSeries)} of it for a series that is ${whole(rounded(1 / prometheus.cpu.perEvaluatedSeries))} series in one query. Prometheus refuses a query that holds more than ${whole(mostSamples)} samples at once (its default).
- **Look for series that nobody reads** before you shard: a label whose values never end (experiment 13) grows faster than any machine.
- **Shard** when memory is what is short. Each shard keeps its own disk and rules; a question over all of them needs a querier, and what that says when a shard is away is experiment 17.
- **Send elsewhere** when what is kept is longer than one disk should hold, or when it must outlive its machine (experiments 19 and 20). That does not make the Prometheus that scrapes smaller: it needs the same memory, and more CPU. What the other engine then answers is in [compare.md](compare.md).
`;
};
