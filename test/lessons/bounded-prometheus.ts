import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { promisify } from 'node:util';
import type { Reader } from '../../lab/model/reader.ts';
import type { Series } from '../../lab/promql/sample.ts';
import { createReader } from '../../lab/running/api.ts';
import { placesFrom } from '../../lab/running/places.ts';
import { remoteWrite, type WrittenSeries } from '../../lab/running/remote-write.ts';
import { freePort } from '../support/ports.ts';
import { start, untilAnswers } from '../support/processes.ts';
import { findProgram } from '../support/programs.ts';

/** Why there is no real Prometheus to compare with; false where there is one. */
export const missing =
  findProgram('prometheus') === undefined || findProgram('promtool') === undefined
    ? 'prometheus and promtool are not here'
    : false;

/**
 * A real Prometheus that holds these series and nothing else, scrapes nothing, and ends with the test.
 * @param series  with `__name__` among the labels; where there are several of the same labels, the older ones first. Where
 *                some end they are sent by remote write, which alone can say so, and takes what is not of the future, and
 *                no more than an hour older than what it was sent before
 * @returns a reader of it
 */
export const prometheusWith = async (
  t: TestContext,
  series: readonly (Series & Pick<WrittenSeries, 'staleAt'>)[],
): Promise<{ read: Reader }> => {
  const isSent = series.some(({ staleAt = [] }) => staleAt.length > 0);
  const folder = mkdtempSync(join(tmpdir(), 'lab-prometheus-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const data = join(folder, 'data');
  mkdirSync(data);
  writeFileSync(join(folder, 'samples'), openMetrics(series));
  writeFileSync(join(folder, 'prometheus.yml'), '');
  const run = promisify(execFile);
  const blocks = ['tsdb', 'create-blocks-from', 'openmetrics', join(folder, 'samples'), data];
  if (!isSent) await run(findProgram('promtool')!, blocks);

  const address = `127.0.0.1:${await freePort()}`;
  const running = start([
    findProgram('prometheus')!,
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${data}`,
    '--storage.tsdb.retention.time=100y',
    `--web.listen-address=${address}`,
    ...(isSent ? ['--web.enable-remote-write-receiver'] : []),
  ]);
  t.after(running.stop);
  await untilAnswers('Prometheus', running, `http://${address}/-/ready`);
  if (isSent) await remoteWrite({ name: 'Prometheus', of: 'lab' }, `http://${address}`, series);
  return {
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
    metricNames: remembering('metricNames', read.metricNames),
  };
};

const openMetrics = (series: readonly Series[]): string => {
  // Those of one name have to follow each other.
  const nameOf = ({ labels }: Series) => labels.__name__!;
  const byName = series.toSorted(
    (one, other) => Number(nameOf(one) > nameOf(other)) - Number(nameOf(one) < nameOf(other)),
  );
  const lines = byName.flatMap(({ labels: { __name__: name, ...labels }, samples }) => {
    const pairs = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
    return samples.map(([at, value]) => `${name}{${pairs.join(',')}} ${value} ${at.toFixed(3)}\n`);
  });
  return `${lines.join('')}# EOF\n`;
};
