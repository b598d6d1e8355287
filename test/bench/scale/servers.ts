import { join } from 'node:path';
import { temporaryFolder } from '../../support/folder.ts';
import { freePort } from '../../support/ports.ts';
import { start, untilAnswers } from '../../support/processes.ts';
import { startPrometheus } from '../../support/prometheus.ts';
import { pause, until } from '../../support/until.ts';
import { folderBytes, get, metricIn } from './probe.ts';
import { scrapingAll, seriesPerTarget } from './targets.ts';

export type Server = {
  address: string;
  pid: number;
  /** what it has on disk; for a Prometheus a block of all it has */
  diskBytes: () => Promise<number>;
};

type Setup = { series: number; seconds: number; engine: string | undefined; folder: string };

/** Starts the targets, a Prometheus and perhaps an engine, and ends them. */
export const withServers = async <Result>(
  { series, seconds, engine: engineProgram, folder }: Setup,
  measure: (scraping: Server, engine: Server | undefined) => Promise<Result>,
): Promise<Result> => {
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
      return await measure(server, engine);
    } finally {
      await prometheus.stop();
    }
  } finally {
    await engine?.stop();
    await target.stop();
  }
};

/** Samples that a Prometheus has taken since it began. */
export const scrapedBy = async ({ address }: Server): Promise<number> =>
  metricIn(await get(`${address}/metrics`), 'prometheus_tsdb_head_samples_appended_total{type="float"}');

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
