import { join } from 'node:path';
import { freePort } from '../../support/ports.ts';
import { start, untilAnswers } from '../../support/processes.ts';
import { startPrometheus } from '../../support/prometheus.ts';
import { until } from '../../support/until.ts';
import { usage } from '../../support/usage.ts';
import type { Backend } from './backends.ts';
import { askedAt, folderBytes, get, heapBytes, metricIn, patienceSeconds } from './probe.ts';
import type { Server } from './server.ts';
import { scrapingAll } from './targets.ts';

type Setup = { series: number; seconds: number; backends: readonly Backend[]; folder: string };

/** Starts the targets, a Prometheus and the backends that it writes to, and ends them. */
export const withServers = async <Result>(
  { series, seconds, backends, folder }: Setup,
  measure: (scraping: Server, backends: readonly Server[]) => Promise<Result>,
): Promise<Result> => {
  const running: { stop: () => Promise<void> }[] = [];
  const begun = <Each extends { stop: () => Promise<void> }>(each: Each): Each => {
    running.unshift(each);
    return each;
  };
  try {
    const port = await freePort();
    const target = [process.execPath, '--import', 'tsx', 'test/bench/scale/target.ts', `${port}`, `${series}`];
    const targets = begun(start(target, {}, folder));
    await untilAnswers('the targets', targets, `http://127.0.0.1:${port}/metrics?part=0`, 60);
    const started = [];
    for (const backend of backends) started.push(begun(await backend.start()));
    const writeUrls = started.map(({ writeUrl }) => writeUrl);
    const config = scrapingAll(`127.0.0.1:${port}`, series, seconds, writeUrls);
    const flags = ['--web.enable-admin-api', `--query.timeout=${patienceSeconds}s`];
    const server = prometheusServer(begun(await startPrometheus(() => config, flags)));
    for (const each of [server, ...started]) await untilHeld(each, series, seconds, 3);
    return await measure(server, started);
  } finally {
    for (const each of running) await each.stop();
  }
};

/** Of all its processes. */
export const usageOf = ({ processes }: Server): { residentBytes: number; cpuSeconds: number } => {
  const each = processes.map(({ pid }) => usage(pid));
  return {
    residentBytes: each.reduce((sum, { residentMegabytes }) => sum + residentMegabytes * 2 ** 20, 0),
    cpuSeconds: each.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
  };
};

/** What is in use in all its processes right after a garbage collection. */
export const heapOf = async ({ processes }: Server): Promise<number> => {
  let sum = 0;
  for (const { address } of processes) sum += await heapBytes(address);
  return sum;
};

/** Samples that a Prometheus has taken since it began. */
export const scrapedBy = async ({ address }: Server): Promise<number> =>
  metricIn(await get(`${address}/metrics`), 'prometheus_tsdb_head_samples_appended_total{type="float"}');

/**
 * Waits until a server holds the last scrapes of a hundredth of the counters, which are those of every target; one may be
 * late. What takes in samples more slowly than they are scraped never does.
 */
export const untilHeld = async (
  { address }: Server,
  series: number,
  seconds: number,
  scrapes: number,
): Promise<void> => {
  const query = `sum(count_over_time(bench_requests_total{group="07"}[${scrapes * seconds}s]))`;
  await until(
    `the last ${scrapes} scrapes to be there`,
    120 + 12 * seconds,
    async () => {
      const asked = new URLSearchParams({ query, time: askedAt(), nocache: '1' });
      const { data } = JSON.parse(await get(`${address}/api/v1/query?${asked}`));
      return Number(data.result[0]?.value[1]) >= ((scrapes - 1) * series) / 200;
    },
    1,
  );
};

const prometheusServer = ({ pid, port, data }: Awaited<ReturnType<typeof startPrometheus>>): Server => {
  const address = `http://127.0.0.1:${port}`;
  const blockBytes = async () => {
    const answer = JSON.parse(await get(`${address}/api/v1/admin/tsdb/snapshot`, 'POST'));
    return folderBytes(join(data, 'snapshots', answer.data.name));
  };
  return { address, processes: [{ pid, address }], blockBytes, logBytes: () => folderBytes(join(data, 'wal')) };
};
