import { pause } from '../../support/until.ts';
import { usage } from '../../support/usage.ts';
import { get, heapBytes, metricIn } from './probe.ts';
import { type Queried, queried } from './queries.ts';
import { type Server, scrapedBy, withServers } from './servers.ts';

/** What one server takes at one size. */
export type Cost = Queried & {
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
};

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

/** Scrapes in each of the two stretches. */
const scrapes = 5;

/** A million series every 5 s would be too much for two cores. */
const intervalFor = (series: number): number => (series > 200_000 ? 30 : 5);

/** @param progress  is told where the engine had to be left out */
export const measureSize = async (
  series: number,
  engine: string | undefined,
  folder: string,
  progress: (line: string) => void,
): Promise<Size> => {
  const alone = await run(series, undefined, folder);
  const size: Size = { series, prometheus: alone.measured };
  if (engine === undefined) return size;
  try {
    const both = await run(series, engine, folder);
    return { ...size, writing: both.scraping, engine: both.measured };
  } catch (error) {
    progress(`the engine is left out: ${(error as Error).message}`);
    return size;
  }
};

const run = (
  series: number,
  engine: string | undefined,
  folder: string,
): Promise<{ scraping: Taking; measured: Cost }> => {
  const seconds = intervalFor(series);
  return withServers({ series, seconds, engine, folder }, (scraping, measured) =>
    measureBoth(scraping, measured ?? scraping, series, seconds),
  );
};

/** How much each sample adds to the memory that is in use: the same series, a hundred scrapes later. */
export const measureSamples = async (
  engine: string | undefined,
  folder: string,
): Promise<{ prometheus: number; engine?: number }> => {
  const [series, later] = [10_000, 100];
  return withServers({ series, seconds: 1, engine, folder }, async (scraping, measured) => {
    const servers = [scraping, ...(measured ? [measured] : [])];
    const heaps = async () => {
      const bytes: number[] = [];
      for (const { address } of servers) bytes.push(await heapBytes(address));
      return bytes;
    };
    await pause(10);
    const [before, samples] = [await heaps(), await scrapedBy(scraping)];
    await pause(later);
    const [after, more] = [await heaps(), await scrapedBy(scraping)];
    const [prometheus, other] = after.map((bytes, index) => (bytes - before[index]!) / (more - samples));
    return { prometheus: prometheus!, ...(other !== undefined && { engine: other }) };
  });
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
  const scraped = () => scrapedBy(scraping);
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
