import type { Reader } from '../../lab/model/reader.ts';
import { freePort } from '../support/ports.ts';
import { scraping, startPrometheus } from '../support/prometheus.ts';
import { median } from '../support/quantile.ts';
import { short, table, whole } from '../support/table.ts';
import { pause, until } from '../support/until.ts';
import { usage } from '../support/usage.ts';
import { startExporter } from './exporter.ts';
import { fitPower } from './figures.ts';
import type { Peer } from './peers.ts';
import { scrapeFor } from './scraper.ts';

/** Time and memory of one scrape at one size. What Prometheus takes is NaN where there is none. */
type Growth = { series: number } & Record<(typeof columns)[number]['key'], number>;

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
  hasPrometheus: boolean,
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
      const stored = hasPrometheus ? await inPrometheus(port) : nothing;
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
const inPrometheus = async (exporterPort: number): Promise<typeof nothing> => {
  const jobs = { my_app: `127.0.0.1:${exporterPort}` };
  const prometheus = await startPrometheus((own) => scraping('1s', { ...jobs, prometheus: own }));
  const value = async (expr: string) => firstValue(await prometheus.read.query(expr));
  try {
    await until('two scrapes', 30, async () => (await value('count_over_time(up{job="my_app"}[1m])')) >= 2);
    const before = usage(prometheus.pid);
    await pause(scrapes);
    const after = usage(prometheus.pid);
    const durations = `quantile_over_time(0.5, scrape_duration_seconds{job="my_app"}[${scrapes}s])`;
    const bytes = await value('process_resident_memory_bytes{job="prometheus"}');
    return {
      scrapeMilliseconds: 1_000 * (await value(durations)),
      prometheusCpuMilliseconds: (1_000 * (after.cpuSeconds - before.cpuSeconds)) / scrapes,
      prometheusMegabytes: bytes / 2 ** 20,
    };
  } finally {
    await prometheus.stop();
  }
};

/** The only value of an instant query; NaN where there is none yet. */
const firstValue = ([series]: Awaited<ReturnType<Reader['query']>>): number => series?.samples[0]?.[1] ?? Number.NaN;

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
