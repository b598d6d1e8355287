import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { TestContext } from 'node:test';
import { promisify } from 'node:util';
import { createReader } from '../../lab/api.ts';
import { placesFrom } from '../../lab/places.ts';
import { repository } from '../../lab/repository.ts';
import { freePort } from '../../test/support/ports.ts';
import type { Reader, Series } from '../types.ts';

/** In PATH, or unpacked for this lab; undefined where it is neither. */
export const find = (program: string): string | undefined =>
  [...(process.env.PATH ?? '').split(delimiter), join(repository, '.lab/debian/root/usr/bin')]
    .map((folder) => join(folder, program))
    .find((file) => existsSync(file));

/** Why there is no real Prometheus to compare with; false where there is one. */
export const missing =
  find('prometheus') === undefined || find('promtool') === undefined ? 'prometheus and promtool are not here' : false;

/**
 * A real Prometheus that holds these series and nothing else, scrapes nothing, and ends with the test.
 * @param series  with `__name__` among the labels; series of one name follow each other
 * @returns its version and a reader of it
 */
export const prometheusWith = async (
  t: TestContext,
  series: readonly Series[],
): Promise<{ version: string; read: Reader }> => {
  const folder = mkdtempSync(join(tmpdir(), 'lab-prometheus-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const data = join(folder, 'data');
  mkdirSync(data);
  writeFileSync(join(folder, 'samples'), openMetrics(series));
  writeFileSync(join(folder, 'prometheus.yml'), '');
  const run = promisify(execFile);
  await run(find('promtool')!, ['tsdb', 'create-blocks-from', 'openmetrics', join(folder, 'samples'), data]);

  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(
    find('prometheus')!,
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${data}`,
      '--storage.tsdb.retention.time=100y',
      `--web.listen-address=${address}`,
    ],
    { stdio: 'ignore' },
  );
  const ended = once(child, 'exit');
  t.after(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  await ready(address, () => child.exitCode !== null);
  const { stdout } = await run(find('prometheus')!, ['--version']);
  return {
    version: /version (\S+)/.exec(stdout)?.[1] ?? 'unknown',
    read: askedOnce(createReader(placesFrom({ PROMETHEUS_ADDRESS: address }))),
  };
};

/** What it holds does not change, so the same question has the same answer, and is asked once. */
const askedOnce = (read: Reader): Reader => {
  const answers = new Map<string, Promise<unknown>>();
  const remembering =
    <Question extends unknown[], Answer>(name: string, ask: (...question: Question) => Promise<Answer>) =>
    (...question: Question): Promise<Answer> => {
      const key = JSON.stringify([name, ...question]);
      if (!answers.has(key)) answers.set(key, ask(...question));
      return answers.get(key) as Promise<Answer>;
    };
  return {
    ...read,
    query: remembering('query', read.query),
    ask: remembering('ask', read.ask),
    range: remembering('range', read.range),
    samples: remembering('samples', read.samples),
  };
};

const openMetrics = (series: readonly Series[]): string => {
  const lines = series.flatMap(({ labels: { __name__: name, ...labels }, samples }) => {
    const pairs = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
    return samples.map(([at, value]) => `${name}{${pairs.join(',')}} ${value} ${at.toFixed(3)}\n`);
  });
  return `${lines.join('')}# EOF\n`;
};

const ready = async (address: string, hasEnded: () => boolean): Promise<void> => {
  for (let attempt = 0; attempt < 300 && !hasEnded(); attempt += 1) {
    try {
      if ((await fetch(`http://${address}/-/ready`)).ok) return;
    } catch {
      // Not listening yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`Prometheus at ${address} did not become ready`);
};
