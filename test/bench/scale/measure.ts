import { join } from 'node:path';
import { temporaryFolder } from '../../support/folder.ts';
import { freePort } from '../../support/ports.ts';
import { start, untilAnswers } from '../../support/processes.ts';
import { startPrometheus } from '../../support/prometheus.ts';
import { pause, until } from '../../support/until.ts';
import { usage } from '../../support/usage.ts';
import { folderBytes, get, heapBytes, metricIn, timed } from './probe.ts';
import { scrapingAll, seriesPerTarget } from './targets.ts';

/** What one server takes at one size. */
export type Cost = {
  residentBytes: number;
  /** in use after a garbage collection */
  heapBytes: number;
  /** CPU seconds for each second, while it takes samples and does nothing else */
  cpu: number;
  /** bytes on disk at two times, and the samples that they hold */
  disk: { bytes: number; samples: number }[];
  /** of the log that a Prometheus writes first, and keeps for some hours */
  logBytes?: number;
  queries: QueryTime[];
  /** CPU seconds of a query, for each series of it */
  cpuPerEvaluatedSeries: number;
};

export type QueryTime = { series: number; samples: number; milliseconds: number };

/** One size: a Prometheus alone, and where there is an engine one that writes to it, and the engine. */
export type Size = {
  series: number;
  samplesPerSecond: number;
  prometheus: Cost;
  writing?: Pick<Cost, 'cpu' | 'residentBytes' | 'heapBytes'>;
  engine?: Cost;
};

/** The windows of the queries, in scrapes. */
export const windows = [3, 9] as const;

/** Scrapes in each of the two stretches. */
const scrapes = 5;

/** Ten thousand series a scrape and second are no trouble for two cores; a million in 5 s would be. */
const intervalFor = (series: number): number => (series > 200_000 ? 15 : 5);

type Server = {
  address: string;
  pid: number;
  /** what it has on disk; for a Prometheus a block of all it has */
  diskBytes: () => Promise<number>;
};

export const measureSize = async (series: number, engine: string | undefined, folder: string): Promise<Size> => {
  const alone = await run(series, undefined, folder);
  const seconds = intervalFor(series);
  const size: Size = { series, samplesPerSecond: series / seconds, prometheus: alone.prometheus };
  if (engine === undefined) return size;
  const both = await run(series, engine, folder);
  const { cpu, residentBytes, heapBytes: heap } = both.prometheus;
  return { ...size, writing: { cpu, residentBytes, heapBytes: heap }, ...(both.engine && { engine: both.engine }) };
};

const run = async (
  series: number,
  engineProgram: string | undefined,
  folder: string,
): Promise<{ prometheus: Cost; engine?: Cost }> => {
  const seconds = intervalFor(series);
  const port = await freePort();
  const target = start(
    [process.execPath, '--import', 'tsx', 'test/bench/scale/target.ts', `${port}`, `${series}`],
    {},
    folder,
  );
  const engine = engineProgram === undefined ? undefined : await startEngine(engineProgram);
  try {
    await untilAnswers('the targets', target, `http://127.0.0.1:${port}/metrics?part=0`, 60);
    const config = scrapingAll(`127.0.0.1:${port}`, series, seconds, engine && `${engine.address}/api/v1/write`);
    const prometheus = await startPrometheus(() => config, ['--web.enable-admin-api']);
    try {
      const server = prometheusServer(prometheus);
      const parts = Math.ceil(series / seriesPerTarget);
      await until('every target', 12 * seconds, async () => (await value(server, 'sum(up)')) === parts, 0.5);
      await pause(seconds);
      const servers = [server, ...(engine ? [engine] : [])];
      const [first, second] = await measureAll(servers, series, seconds);
      const log = metricIn(await get(`${server.address}/metrics`), 'prometheus_tsdb_wal_storage_size_bytes');
      return { prometheus: { ...first!, logBytes: log }, ...(second && { engine: second }) };
    } finally {
      await prometheus.stop();
    }
  } finally {
    await engine?.stop();
    await target.stop();
  }
};

/** Samples are counted by the Prometheus that scrapes, the first of the servers. */
const measureAll = async (servers: readonly Server[], series: number, seconds: number): Promise<Cost[]> => {
  const appended = () =>
    value(servers[0]!, 'count_over_time(bench_requests_total{id="0"}[1h])').then((each) => each * series);
  const before = servers.map(({ pid }) => usage(pid));
  await pause(scrapes * seconds);
  const after = servers.map(({ pid }) => usage(pid));
  const disks = async () => {
    const samples = await appended();
    const bytes: number[] = [];
    for (const server of servers) bytes.push(await server.diskBytes());
    return bytes.map((each) => ({ bytes: each, samples }));
  };
  const early = await disks();
  await pause(scrapes * seconds);
  const late = await disks();
  const costs: Cost[] = [];
  for (const [index, server] of servers.entries()) {
    const used = after[index]!.cpuSeconds - before[index]!.cpuSeconds;
    const heap = await heapBytes(server.address);
    costs.push({
      residentBytes: after[index]!.residentMegabytes * 2 ** 20,
      heapBytes: heap,
      cpu: used / (scrapes * seconds),
      disk: [early[index]!, late[index]!],
      ...(await queried(server, series, seconds)),
    });
  }
  return costs;
};

/**
 * Rates of a hundredth, a tenth and all counters, over windows of 3 and of 9 scrapes: of 3 one may be late. The fastest of
 * some answers counts, since other work on the machine only makes one slower.
 */
const queried = async (
  server: Server,
  series: number,
  seconds: number,
): Promise<Pick<Cost, 'queries' | 'cpuPerEvaluatedSeries'>> => {
  const counters = series / 2;
  const parts = [
    { matcher: 'group="07"', of: counters / 100 },
    { matcher: 'group=~"0."', of: counters / 10 },
    { matcher: '', of: counters },
  ];
  const queries: QueryTime[] = [];
  for (const { matcher, of } of parts) {
    for (const window of windows) {
      const query = `sum(rate(bench_requests_total{${matcher}}[${window * seconds}s]))`;
      const took = await timed(server.address, query, of > 100_000 ? 3 : 9);
      queries.push({ series: of, samples: of * window, milliseconds: Math.min(...took) });
    }
  }
  const rounds = Math.max(2, Math.min(200, Math.round(200_000 / counters)));
  const idle = usage(server.pid).cpuSeconds;
  await pause(seconds);
  const before = usage(server.pid).cpuSeconds;
  const begin = performance.now();
  await timed(server.address, `sum(rate(bench_requests_total[${windows[0] * seconds}s]))`, rounds);
  const took = (performance.now() - begin) / 1_000;
  // What it takes to scrape meanwhile is not the queries'.
  const scraping = ((before - idle) / seconds) * took;
  const used = usage(server.pid).cpuSeconds - before - scraping;
  return { queries, cpuPerEvaluatedSeries: used / (rounds * counters) };
};

const value = async ({ address }: Server, query: string): Promise<number> => {
  const { data } = JSON.parse(await get(`${address}/api/v1/query?${new URLSearchParams({ query })}`));
  return Number(data.result[0]?.value[1] ?? Number.NaN);
};

const prometheusServer = ({ pid, port, data }: Awaited<ReturnType<typeof startPrometheus>>): Server => {
  const address = `http://127.0.0.1:${port}`;
  const diskBytes = async () => {
    const answer = JSON.parse(await get(`${address}/api/v1/admin/tsdb/snapshot`, 'POST'));
    return folderBytes(join(data, 'snapshots', answer.data.name));
  };
  return { address, pid, diskBytes };
};

const startEngine = async (program: string): Promise<Server & { stop: () => Promise<void> }> => {
  const { folder, remove } = temporaryFolder();
  const address = `127.0.0.1:${await freePort()}`;
  const running = start([
    program,
    `-httpListenAddr=${address}`,
    `-storageDataPath=${folder}`,
    '-search.latencyOffset=0s',
    // Its limits allow for far fewer series in a query.
    '-search.maxUniqueTimeseries=2000000',
    '-search.maxQueryDuration=3m',
  ]);
  const stop = async () => {
    await running.stop();
    remove();
  };
  try {
    await untilAnswers('VictoriaMetrics', running, `http://${address}/health`);
  } catch (error) {
    await stop();
    throw error;
  }
  const diskBytes = async () => {
    await get(`http://${address}/internal/force_flush`);
    // Parts in memory are written within 5 s.
    await pause(6);
    return folderBytes(join(folder, 'data'));
  };
  return { address: `http://${address}`, pid: running.pid, diskBytes, stop };
};
