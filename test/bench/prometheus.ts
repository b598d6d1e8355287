import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { freePort, type Running, start } from './processes.ts';

/** @returns the program's path: from PATH, or as make up unpacked it; undefined where it is missing */
export const findPrometheus = (repository: string): string | undefined =>
  [...(process.env.PATH ?? '').split(delimiter), join(repository, '.lab/debian/root/usr/bin')]
    .map((folder) => join(folder, 'prometheus'))
    .find((file) => existsSync(file));

/** A Prometheus of its own: own port, own folder, which goes with it. It scrapes the exporter and itself. */
export const startPrometheus = async (
  program: string,
  exporterPort: number,
  interval: string,
): Promise<Running & { port: number }> => {
  const folder = mkdtempSync(join(tmpdir(), 'lab-bench-prometheus-'));
  const port = await freePort();
  const targets = [`127.0.0.1:${exporterPort}`, `127.0.0.1:${port}`];
  const jobs = ['my_app', 'prometheus'].map((job, index) => ({
    job_name: job,
    static_configs: [{ targets: [targets[index]] }],
  }));
  // JSON is YAML, too.
  const config = { global: { scrape_interval: interval, scrape_timeout: '1s' }, scrape_configs: jobs };
  writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(config));
  const running = start(
    [
      program,
      // As in the lab: without it the first scrape is held back for 5 s.
      '--scrape.discovery-reload-interval=100ms',
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    {},
    folder,
  );
  const stop = async () => {
    await running.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { ...running, port, stop };
};

/** @returns the values of an instant query, none where there are no samples yet */
export const query = async (port: number, expression: string): Promise<number[]> => {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/query`, {
    method: 'POST',
    body: new URLSearchParams({ query: expression }),
    signal: AbortSignal.timeout(5_000),
  });
  const { data } = (await response.json()) as { data?: { result: { value?: [number, string] }[] } };
  return (data?.result ?? []).map(({ value }) => Number(value?.[1]));
};
