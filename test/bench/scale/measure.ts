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
  /** that were scraped meanwhile, whatever the machine had to do */
  samplesPerSecond: number;
  /** bytes on disk at two times, and the samples that they hold */
  disk: { bytes: number; samples: number }[];
  /** of the log that a Prometheus writes first, and keeps for some hours */
  logBytes?: number;
  queries: QueryTime[];
  /** CPU seconds of a query, for each series of it */
  cpuPerEvaluatedSeries: number;
};

export type QueryTime = { series: number; samples: number; milliseconds: number };

/** What it takes while it takes samples. */
export type Taking = Pick<Cost, 'residentBytes' | 'cpu' | 'samplesPerSecond'>;

/** One size: a Prometheus alone, and where there is an engine one that writes to it, and the engine. */
export type Size = {
  series: number;
  prometheus: Cost;
  /** the one that writes */
  writing?: Taking;
  engine?: Cost;
};

/** The windows of the queries, in scrapes. */
export const windows = [3, 9] as const;

/** Scrapes in each of the two stretches. */
const scrapes = 5;

/** A million series every 5 s would be too much for two cores. */
const intervalFor = (series: number): number => (series > 200_000 ? 30 : 5);

type Server = {
  address: string;
  pid: number;
  /** what it has on disk; for a Prometheus a block of all it has */
  diskBytes: () => Promise<number>;
};

export const measureSize = async (series: number, engine: string | undefined, folder: string): Promise<Size> => {
  const alone = await run(series, undefined, folder);
  const size: Size = { series, prometheus: alone.measured };
  if (engine === undefined) return size;
  const both = await run(series, engine, folder);
  return { ...size, writing: both.scraping, engine: both.measured };
};

const run = async (
  series: number,
  engineProgram: string | undefined,
  folder: string,
): Promise<{ scraping: Taking; measured: Cost }> => {
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
      return await measureBoth(server, engine ?? server, series, seconds);
    } finally {
      await prometheus.stop();
    }
  } finally {
    await engine?.stop();
    await target.stop();
  }
};

/**
 * @param scraping  counts the samples
 * @param measured  the same one, or the engine that it writes to
 */
const measureBoth = async (
  scraping: Server,
  measured: Server,
  series: number,
  seconds: number,
): Promise<{ scraping: Taking; measured: Cost }> => {
  const own = async (name: string) => metricIn(await get(`${scraping.address}/metrics`), name);
  const scraped = () => own('prometheus_tsdb_head_samples_appended_total{type="float"}');
  const disk = async () => ({ samples: await scraped(), bytes: await measured.diskBytes() });

  const taken = await taking([scraping, measured], scrapes * seconds, scraped);
  const early = await disk();
  await pause(scrapes * seconds);
  const late = await disk();
  const heap = await heapBytes(measured.address);
  const log = scraping === measured ? { logBytes: await own('prometheus_tsdb_wal_storage_size_bytes') } : {};
  const cost = { ...taken[1]!, heapBytes: heap, disk: [early, late], ...log };
  return { scraping: taken[0]!, measured: { ...cost, ...(await queried(measured, series, seconds)) } };
};

/** What servers take over some seconds, in which nothing is asked of them. */
const taking = async (
  servers: readonly Server[],
  seconds: number,
  scraped: () => Promise<number>,
): Promise<Taking[]> => {
  const [samples, begin] = [await scraped(), performance.now()];
  const before = servers.map(({ pid }) => usage(pid));
  await pause(seconds);
  const after = servers.map(({ pid }) => usage(pid));
  const passed = (performance.now() - begin) / 1_000;
  const samplesPerSecond = ((await scraped()) - samples) / passed;
  return after.map(({ residentMegabytes, cpuSeconds }, index) => ({
    residentBytes: residentMegabytes * 2 ** 20,
    cpu: (cpuSeconds - before[index]!.cpuSeconds) / passed,
    samplesPerSecond,
  }));
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
