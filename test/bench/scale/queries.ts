import { loadavg } from 'node:os';
import { pause } from '../../support/until.ts';
import { timed } from './probe.ts';
import type { Server } from './server.ts';
import { untilHeld, usageOf } from './servers.ts';

type QueryTime = { series: number; samples: number; milliseconds: number };

/** What queries take of a server. */
export type Queried = {
  queries: QueryTime[];
  /** CPU seconds of a query, for each series of it */
  cpuPerEvaluatedSeries: number;
  /** of the machine meanwhile: where it is above the number of cores, a query took longer than it had to */
  load: number;
  /** of memory, after them */
  afterwardsBytes: number;
};

/** The windows of the queries, in scrapes. */
export const windows = [3, 9] as const;

/**
 * Rates of a hundredth, a tenth and all counters, over windows of 3 and of 9 scrapes: of 3 one may be late. The fastest of
 * some answers counts, since other work on the machine only makes one slower.
 */
export const queried = async (server: Server, series: number, seconds: number): Promise<Queried> => {
  const counters = series / 2;
  await untilHeld(server, series, seconds, windows[1]);
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
  const idle = usageOf(server).cpuSeconds;
  await pause(seconds);
  const before = usageOf(server).cpuSeconds;
  const begin = performance.now();
  await timed(server.address, `sum(rate(bench_requests_total[${windows[0] * seconds}s]))`, rounds);
  const took = (performance.now() - begin) / 1_000;
  // What it takes to scrape meanwhile is not the queries'.
  const scraping = ((before - idle) / seconds) * took;
  const { cpuSeconds, residentBytes } = usageOf(server);
  const used = cpuSeconds - before - scraping;
  return {
    queries,
    cpuPerEvaluatedSeries: used / (rounds * counters),
    load: loadavg()[0]!,
    afterwardsBytes: residentBytes,
  };
};
