import { whole } from '../../support/table.ts';
import {
  type Fitted,
  fittedTo,
  fullSeriesBytes,
  type Needs,
  needsOf,
  type Plan,
  sendingPerSample,
  seriesOn,
} from './figures.ts';
import { type Measurement, prometheusName } from './measure.ts';
import {
  bytes,
  exampleTable,
  figuresTable,
  fitted,
  machineBytes,
  machinesFor,
  measuredTable,
  micro,
  time,
} from './tables.ts';
import { seriesPerTarget } from './targets.ts';

/** What `make bench PART=growth` keeps. */
export type Measured = {
  machine: string;
  /** each with its version, Prometheus first */
  servers: readonly string[];
  measurements: readonly Measurement[];
  /** what was tried and failed, or was not tried, and why */
  missing: readonly { series: number; name: string; why: string }[];
  /** of memory in use, that each further sample of a series takes, by the server's name, Prometheus first */
  bytesPerSample: Record<string, number>;
};

/** The three sizes of the worked example. */
const plans: readonly Plan[] = [10_000, 1_000_000, 100_000_000].map((series) => ({
  series,
  scrapeSeconds: 15,
  keptDays: 15,
  evaluationSeconds: 60,
}));

const listed = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;

/**
 * docs/scale.md, from what was measured: no figure in it is written by hand.
 * @returns undefined where Prometheus was measured at too few sizes to fit figures to them
 */
export const scaleDocument = (measured: Measured): string | undefined => {
  const { machine, servers, measurements, missing, bytesPerSample } = measured;
  const all = fittedTo(measurements, bytesPerSample);
  const [first, ...backends] = all;
  if (first?.name !== prometheusName) return undefined;
  const prometheus = first.figures;
  const sizes = [...new Set(measurements.map(({ series }) => series))];
  const [small, million, many] = plans.map((plan) => needsOf(prometheus, plan, undefined)) as [Needs, Needs, Needs];
  const shards = machinesFor(prometheus, plans[2]!);
  const mostSamples = 50_000_000;
  return `# When one Prometheus is enough

\`make bench PART=growth\` measures and writes this page. Measured: ${listed(servers)}, at ${listed(sizes.map(whole))} series, on ${machine}. Half of the series are counters, half are gauges with two random decimals, and no target has more than ${whole(seriesPerTarget)} of them. Prometheus runs alone.${servers.length === 1 ? '' : ` For each other server a Prometheus of its own scrapes the same series and sends all samples to it; only that server's own cost is shown.`}${thanos(servers)} Memory is what is resident while a server takes in samples, how much of that is in use after a garbage collection, and what is resident after all queries. A query is \`sum(rate(…))\` over all counters, the fastest of several answers. The load is that of the whole machine: where it is above the number of cores, other work ran meanwhile, and a query took longer than it had to. CPU depends less on that, memory and disk hardly at all.

${measuredTable(measurements)}
${missing.length === 0 ? '' : `\nNot measured:\n\n${missing.map(({ series, name, why }) => `- ${name} with ${whole(series)} series: ${why}\n`).join('')}`}
## Figures to plan with

Fitted to these sizes by least squares of relative errors, and rounded to two digits. Disk is given for blocks: what a series takes in each, and what each of its samples adds; samples that change less take less. When memory was measured, each series had about ten samples. Each further one adds what its row says, in Prometheus until a chunk of 120 is full and is mapped from disk. So a series takes up to ${bytes(fullSeriesBytes(prometheus))} there. The example below plans with a full chunk, and with as many samples in any other server.

${figuresTable(all)}
${likePrometheus(backends)}${sending(backends, measurements)}
## Worked example

A scrape every ${plans[0]!.scrapeSeconds} s, kept for ${plans[0]!.keptDays} days, a rule that evaluates each series once a minute, and one query over all of them. Memory is that of a server that answers no query: half of each machine's is left free for queries, compaction and series that are new.

${exampleTable(all, plans)}

- **10 000 series** are nothing: one Prometheus with ${bytes(small.residentBytes)}. A second one beside it (experiment 18) is for failures, not for size.
- **A million series** fit into one: ${bytes(million.residentBytes)} of memory and ${fitted(million.cores)} cores; give it twice that memory. A query over all of them takes ${time(million.queryCpuSeconds)} of CPU: record such sums by rules.
- **A hundred million** do not: they take ${bytes(many.residentBytes)}. A machine of ${bytes(machineBytes)} carries ${fitted(seriesOn(prometheus, machineBytes))} series by these figures, so it takes ${shards} shards (experiment 17), twice as many with replicas. Nothing above ${whole(first.largest)} series was measured here: these are straight lines, and a machine that large has other limits too.

## Which way to go

- **Stay with one** while its memory fits twice into the machine, and while the queries that people wait for take under a second. Prometheus evaluates a query on one core, at ${micro(prometheus.cpu.perEvaluatedSeries)} for each series: in a second that is ${fitted(1 / prometheus.cpu.perEvaluatedSeries)} series. It refuses a query that holds more than ${whole(mostSamples)} samples at once (its default).
- **Look for series that nobody reads** before you shard: a label with ever new values (experiment 13) outgrows any machine.
- **Shard** when memory is what is short. Each shard keeps its own disk and rules. A query over all of them needs a querier; experiment 17 shows what that returns when a shard is down.
- **Remote-write elsewhere** when samples are to be kept for longer than one disk can hold them, or when they must outlive their machine (experiments 19 and 20). That does not make the Prometheus that scrapes smaller: it needs the same memory and more CPU, and the other server needs its own. What another backend answers is in [compare.md](compare.md).
`;
};

const thanos = (servers: readonly string[]): string =>
  servers.some((name) => name.startsWith('Thanos '))
    ? ' Thanos is one `thanos receive`, which keeps every sample once, and one `thanos query`, which is asked; its memory and CPU are those of both.'
    : '';

const likePrometheus = (backends: readonly Fitted[]): string => {
  const names = backends.filter(({ figures }) => !figures.disk).map(({ name }) => name);
  if (names.length === 0) return '';
  return `\n${listed(names)} keeps samples in blocks of Prometheus' own format and writes the first of them after two hours: its disk is planned with Prometheus' figures, not with measured ones.\n`;
};

const sending = (backends: readonly Fitted[], measurements: readonly Measurement[]): string => {
  if (backends.length === 0) return '';
  const costs = backends.map(({ name }) => `${micro(sendingPerSample(measurements, name))} to ${name}`);
  return `\nRemote write takes more CPU in the Prometheus that scrapes, for each sample: ${listed(costs)}.\n`;
};
