import { pause } from '../../support/until.ts';
import type { Backend } from './backends.ts';
import { type Queried, queried } from './queries.ts';
import type { Server } from './server.ts';
import { heapOf, scrapedBy, usageOf, withServers } from './servers.ts';

/** What a server takes while it takes samples. */
export type Taking = {
  residentBytes: number;
  /** CPU seconds for each second, while it does nothing else */
  cpu: number;
  /** that were scraped meanwhile, whatever the machine had to do */
  samplesPerSecond: number;
};

type Stored = { bytes: number; samples: number };

/** What one server takes at one size. */
export type Cost = Taking &
  Queried & {
    /** in use after a garbage collection */
    heapBytes: number;
    /** blocks at two times, where it writes them so early */
    blocks: Stored[];
    /** the log that comes before them, where it writes one and keeps it for some hours */
    log?: Stored;
  };

/** One server at one size. */
export type Measurement = {
  series: number;
  /** the product's */
  name: string;
  cost: Cost;
  /** of a backend: what the Prometheus takes that writes to it */
  writing?: Taking;
};

export const prometheusName = 'Prometheus';

/** Scrapes in each of the two stretches. */
const scrapes = 5;

/** A million series every 5 s would be too much for two cores. */
const intervalFor = (series: number): number => (series > 200_000 ? 15 : 5);

/** @param backend  undefined for a Prometheus alone */
export const measure = async (series: number, backend: Backend | undefined, folder: string): Promise<Measurement> => {
  const seconds = intervalFor(series);
  const backends = backend === undefined ? [] : [backend];
  return withServers({ series, seconds, backends, folder }, async (scraping, [started]) => {
    const { cost, writing } = await costOf(scraping, started ?? scraping, series, seconds);
    if (backend === undefined) return { series, name: prometheusName, cost };
    return { series, name: backend.name, cost, writing };
  });
};

/** How much each sample adds to the memory that is in use: the same series, a hundred scrapes later. */
export const measureSamples = async (backends: readonly Backend[], folder: string): Promise<Record<string, number>> => {
  const [series, later] = [10_000, 100];
  return withServers({ series, seconds: 1, backends, folder }, async (scraping, started) => {
    const heaps = async () => {
      const bytes: number[] = [];
      for (const server of [scraping, ...started]) bytes.push(await heapOf(server));
      return bytes;
    };
    await pause(10);
    const [before, samples] = [await heaps(), await scrapedBy(scraping)];
    await pause(later);
    const [after, more] = [await heaps(), await scrapedBy(scraping)];
    const names = [prometheusName, ...backends.map(({ name }) => name)];
    return Object.fromEntries(
      names.map((name, index) => [name, (after[index]! - before[index]!) / (more - samples)] as const),
    );
  });
};

/**
 * @param scraping  counts the samples
 * @param measured  the same one, or the backend that it writes to
 */
const costOf = async (
  scraping: Server,
  measured: Server,
  series: number,
  seconds: number,
): Promise<{ writing: Taking; cost: Cost }> => {
  const blocks: Stored[] = [];
  const addBlock = async () => {
    const samples = await scrapedBy(scraping);
    if (measured.blockBytes) blocks.push({ samples, bytes: await measured.blockBytes() });
  };
  const [writing, taken] = await taking([scraping, measured], scrapes * seconds, () => scrapedBy(scraping));
  await addBlock();
  await pause(scrapes * seconds);
  await addBlock();
  const log = measured.logBytes && { bytes: measured.logBytes(), samples: await scrapedBy(scraping) };
  const heapBytes = await heapOf(measured);
  const queries = await queried(measured, series, seconds);
  return { writing: writing!, cost: { ...taken!, heapBytes, blocks, ...(log && { log }), ...queries } };
};

/** What servers take over some seconds, in which nothing is asked of them. */
const taking = async (
  servers: readonly Server[],
  seconds: number,
  scraped: () => Promise<number>,
): Promise<Taking[]> => {
  const [samples, begin] = [await scraped(), performance.now()];
  const before = servers.map(usageOf);
  await pause(seconds);
  const after = servers.map(usageOf);
  const passed = (performance.now() - begin) / 1_000;
  const samplesPerSecond = ((await scraped()) - samples) / passed;
  return after.map(({ residentBytes, cpuSeconds }, index) => ({
    residentBytes,
    cpu: (cpuSeconds - before[index]!.cpuSeconds) / passed,
    samplesPerSecond,
  }));
};
