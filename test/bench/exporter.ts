import { gunzipSync } from 'node:zlib';
import { freePort } from '../support/ports.ts';
import { type Running, start } from '../support/processes.ts';
import { quantile } from '../support/quantile.ts';
import { short, table, whole } from '../support/table.ts';
import { until } from '../support/until.ts';
import { usage } from '../support/usage.ts';
import { type Figure, figure, withSpread } from './figures.ts';
import type { Peer } from './peers.ts';
import { type Encoding, scrape, scrapeFor } from './scraper.ts';

/** What one round of one exporter at one size gave. */
type Round = Record<Measure, number>;

/** Latencies are of one scraper that waits for each answer, as Prometheus does; the rate is of four at once. */
const measures = ['scrapesPerSecond', 'p50', 'p99', 'cpuSecondsPer1000', 'residentMegabytes'] as const;
type Measure = (typeof measures)[number];

export type Result = { peer: string; series: number; encoding: Encoding } & Record<Measure, Figure>;

export type Options = {
  peers: readonly Peer[];
  sizes: readonly number[];
  rounds: number;
  /** of each of the two loads */
  seconds: number;
  folder: string;
  /** called with what is measured now */
  progress: (line: string) => void;
};

const encodings: readonly Encoding[] = ['plain', 'gzip'];

/** Every exporter at every size; the rounds go around the exporters, so that a slow moment meets all. */
export const benchExporters = async (options: Options): Promise<Result[]> => {
  const results: Result[] = [];
  for (const series of options.sizes) {
    const rounds = new Map<string, Round[]>();
    for (let round = 1; round <= options.rounds; round += 1) {
      for (const peer of options.peers) {
        options.progress(`${whole(series)} series, round ${round} of ${options.rounds}: ${peer.name}`);
        for (const [encoding, measured] of await oneRound(peer, series, options)) {
          const key = JSON.stringify([peer.name, encoding]);
          rounds.set(key, [...(rounds.get(key) ?? []), measured]);
        }
      }
    }
    for (const encoding of encodings) {
      for (const { name } of options.peers) {
        const list = rounds.get(JSON.stringify([name, encoding])) ?? [];
        const figures = measures.map((measure) => [measure, figure(list.map((one) => one[measure]))]);
        results.push({ peer: name, series, encoding, ...(Object.fromEntries(figures) as Record<Measure, Figure>) });
      }
    }
  }
  return results;
};

const oneRound = async (peer: Peer, series: number, { seconds, folder }: Options): Promise<[Encoding, Round][]> => {
  const port = await freePort();
  const running = await startExporter(peer, series, port, folder);
  try {
    const rounds: [Encoding, Round][] = [];
    for (const encoding of encodings) {
      await scrapeFor(port, encoding, { connections: 1, seconds: seconds / 2, atLeast: 2 });
      const before = usage(running.pid);
      const alone = await scrapeFor(port, encoding, { connections: 1, seconds, atLeast: 3 });
      const together = await scrapeFor(port, encoding, { connections: 4, seconds, atLeast: 4 });
      const after = usage(running.pid);
      const scrapes = alone.milliseconds.length + together.milliseconds.length;
      rounds.push([
        encoding,
        {
          scrapesPerSecond: together.milliseconds.length / together.seconds,
          p50: quantile(alone.milliseconds, 0.5),
          p99: quantile(alone.milliseconds, 0.99),
          cpuSecondsPer1000: (1_000 * (after.cpuSeconds - before.cpuSeconds)) / scrapes,
          residentMegabytes: after.residentMegabytes,
        },
      ]);
    }
    return rounds;
  } finally {
    await running.stop();
  }
};

/** Starts one and makes sure that it serves what it is measured for. */
export const startExporter = async (peer: Peer, series: number, port: number, folder: string): Promise<Running> => {
  const environment = { HOST: '127.0.0.1', PORT: String(port), CORES: String(series), SIGNAL: 'random' };
  const running = start(peer.command, environment, folder);
  try {
    const plain = await until(`${peer.name} on port ${port}`, 30, () => scrape(port, 'plain'), 0.02);
    const gzip = await scrape(port, 'gzip');
    if (gzip.headers['content-encoding'] !== 'gzip') throw new Error(`${peer.name} does not compress`);
    for (const text of [plain.body.toString(), gunzipSync(gzip.body).toString()]) {
      const cores = text.match(/^cpu_usage\{core="core\d+"\} \d/gm)?.length;
      if (cores !== series) throw new Error(`${peer.name} serves ${cores} cores instead of ${series}`);
      const lacking = shared.filter((name) => !new RegExp(`^${name}[ {]`, 'm').test(text));
      if (lacking.length > 0) throw new Error(`${peer.name} lacks ${lacking.join(', ')}`);
    }
    return running;
  } catch (error) {
    await running.stop();
    throw new Error(`${(error as Error).message}\n${running.stdout()}${running.stderr()}`);
  }
};

/** Beside the cores, in every exporter that is compared. */
const shared = [
  'cpu_usage_simulated',
  'memory_usage_simulated',
  'requests_total',
  'cpu_spikes_total',
  'cpu_busy_seconds_total',
  'lab_info',
  'process_cpu_seconds_total',
  'process_resident_memory_bytes',
];

/** One table for each encoding. */
export const exporterTables = (results: readonly Result[]): string =>
  encodings
    .map((encoding) =>
      table(
        `Exporter, ${encoding}: medians of the rounds, ± the outermost round`,
        ['series', 'exporter', 'scrapes/s', 'p50 ms', 'p99 ms', 'CPU s/1000', 'RSS MB'],
        results
          .filter((result) => result.encoding === encoding)
          .map((result) => [
            whole(result.series),
            result.peer,
            withSpread(result.scrapesPerSecond),
            withSpread(result.p50),
            withSpread(result.p99),
            withSpread(result.cpuSecondsPer1000),
            withSpread(result.residentMegabytes),
          ]),
      ),
    )
    .join('\n');

/** How many times faster the first exporter answers than each other one. */
export const ratioTable = (results: readonly Result[]): string => {
  const [first] = results;
  const others = [...new Set(results.map(({ peer }) => peer))].filter((peer) => peer !== first?.peer);
  const rows = results
    .filter(({ peer }) => peer === first?.peer)
    .map((own) => [
      `${whole(own.series)} ${own.encoding}`,
      ...others.flatMap((peer) => {
        const other = results.find(
          (one) => one.peer === peer && one.series === own.series && one.encoding === own.encoding,
        );
        if (!other) return ['–', '–'];
        const rate = own.scrapesPerSecond.median / other.scrapesPerSecond.median;
        return [`×${short(rate)}`, `×${short(other.p50.median / own.p50.median)}`];
      }),
    ]);
  const head = others.flatMap((peer) => [`rate / ${peer}`, `p50 / ${peer}`]);
  return table(`${first?.peer}: so many times as fast as the others (rate, p50)`, ['series', ...head], rows);
};
