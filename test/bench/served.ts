import { median } from '../support/quantile.ts';
import { scrape, scrapeFor } from './scraper.ts';

/** What /metrics of a process of the lab says of it, and how fast. */

/** @returns MB that the process has in memory, by its own metrics */
export const residentMegabytes = async (port: number): Promise<number> => {
  const text = (await scrape(port, 'plain')).body.toString();
  return Number(/^process_resident_memory_bytes (\S+)$/m.exec(text)?.[1]) / 1e6;
};

/** The median of as many scrapes as Prometheus makes in five minutes, over one connection, with a rest between them. */
export const scrapeMilliseconds = async (port: number): Promise<number> => {
  const load = { connections: 1, seconds: 0, atLeast: 60, restMilliseconds: 50 };
  return median((await scrapeFor(port, 'gzip', load)).milliseconds);
};
