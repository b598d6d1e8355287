import { setTimeout as sleep } from 'node:timers/promises';
import { fitPower, median } from './arithmetic.ts';
import { startExporter } from './exporter.ts';
import type { Peer } from './peers.ts';
import { freePort, until, usage } from './processes.ts';
import { query, startPrometheus } from './prometheus.ts';
import { scrapeFor } from './scraper.ts';
import { short, table, whole } from './table.ts';

/** Time and memory of one scrape at one size. What Prometheus takes is NaN where there is none. */
export type Growth = { series: number } & Record<(typeof columns)[number]['key'], number>;

const columns = [
  { key: 'exporterMilliseconds', head: 'exporter ms' },
  { key: 'exporterMegabytes', head: 'exporter MB' },
  { key: 'scrapeMilliseconds', head: 'Prometheus scrape ms' },
  { key: 'prometheusCpuMilliseconds', head: 'Prometheus CPU ms' },
  { key: 'prometheusMegabytes', head: 'Prometheus MB' },
] as const;

const scrapes = 6;

export const benchGrowth = async (
  peer: Peer,
  prometheus: string | undefined,
  sizes: readonly number[],
  folder: string,
  progress: (line: string) => void,
): Promise<Growth[]> => {
  const points: Growth[] = [];
  for (const series of sizes) {
    progress(`growth: ${whole(series)} series`);
    const port = await freePort();
    const exporter = await startExporter(peer, series, port, folder);
    try {
      await scrapeFor(port, 'gzip', { connections: 1, seconds: 0.5, atLeast: 3 });
      const { milliseconds } = await scrapeFor(port, 'gzip', { connections: 1, seconds: 1, atLeast: 10 });
      const exporterMegabytes = usage(exporter.pid).residentMegabytes;
      const stored = prometheus ? await inPrometheus(prometheus, port) : nothing;
      points.push({ series, exporterMilliseconds: median(milliseconds), exporterMegabytes, ...stored });
    } finally {
      await exporter.stop();
    }
  }
  return points;
};

const nothing = {
  scrapeMilliseconds: Number.NaN,
  prometheusCpuMilliseconds: Number.NaN,
  prometheusMegabytes: Number.NaN,
};

/** A scrape each second; what the first ones took to make the series does not count. */
const inPrometheus = async (program: string, exporterPort: number): Promise<typeof nothing> => {
  const prometheus = await startPrometheus(program, exporterPort, '1s');
  try {
    await until('two scrapes', 30, async () => {
      const [count = 0] = await query(prometheus.port, 'count_over_time(up{job="my_app"}[1m])').catch(() => []);
      return count >= 2;
    });
    const before = usage(prometheus.pid);
    await sleep(scrapes * 1_000);
    const after = usage(prometheus.pid);
    const durations = `quantile_over_time(0.5, scrape_duration_seconds{job="my_app"}[${scrapes}s])`;
    const [seconds = Number.NaN] = await query(prometheus.port, durations);
    const [bytes = Number.NaN] = await query(prometheus.port, 'process_resident_memory_bytes{job="prometheus"}');
    return {
      scrapeMilliseconds: 1_000 * seconds,
      prometheusCpuMilliseconds: (1_000 * (after.cpuSeconds - before.cpuSeconds)) / scrapes,
      prometheusMegabytes: bytes / 2 ** 20,
    };
  } finally {
    await prometheus.stop();
  }
};

/** The exponent of each column over all sizes, and over those where the series outweigh what is always there. */
export const exponents = (points: readonly Growth[], from: number): Record<string, number> =>
  Object.fromEntries(
    columns.map(({ key }) => {
      const fitted = points.filter((point) => point.series >= from && point[key] > 0);
      return [key, fitPower(fitted.map((point) => [point.series, point[key]] as const)).exponent];
    }),
  );

export const growthTable = (points: readonly Growth[]): string => {
  const fitted = (name: string, from: number) => {
    const fit = exponents(points, from);
    return [name, ...columns.map(({ key }) => short(fit[key]!))];
  };
  return table(
    'Growth: one scrape (gzip), by the number of series; exponent 1 is linear',
    ['series', ...columns.map(({ head }) => head)],
    [
      ...points.map((point) => [whole(point.series), ...columns.map(({ key }) => short(point[key]))]),
      fitted('exponent', 0),
      fitted('from 1 000 on', 1_000),
    ],
  );
};
