import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { filesIn, findShells, sandboxFor } from './run-entrypoint.ts';

const source = join(import.meta.dirname, '..');
const entrypoint = join(source, 'entrypoint.sh');
const base = { LAB_CONFIG_DIR: source, HISTORY_SECONDS: '600' };
const sandboxOf = (t: TestContext) => sandboxFor(t, ['prometheus', 'promtool']);

/** An exporter that answers /history with the text, and remembers what it was asked. */
const exporterWith = async (t: TestContext, text: string, status = 200) => {
  const asked: URL[] = [];
  const server = createServer((request, response) => {
    asked.push(new URL(request.url ?? '', 'http://exporter'));
    response.writeHead(status).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return { asked, address: `127.0.0.1:${(server.address() as AddressInfo).port}` };
};

/** Stands in for `promtool tsdb create-blocks-from openmetrics FILE FOLDER`. */
const writesBlocks = (exitCode: number) =>
  `[ "$1" = tsdb ] || exit 0; mkdir "$5/01BLOCK"; echo {} > "$5/01BLOCK/meta.json"; echo "line 2 is odd"; exit ${exitCode}`;

for (const shell of findShells()) {
  test(`${shell.name}: an empty data folder is filled with history that ends before the first scrape`, async (t) => {
    const sandbox = sandboxOf(t);
    sandbox.standIn('promtool', writesBlocks(0));
    const { asked, address } = await exporterWith(t, '# TYPE a gauge\na 1 1\na 2 2\n# EOF\n');
    const environment = { ...base, EXPORTER_ADDRESS: address, SCRAPE_INTERVAL: '1s500ms' };
    const run = await sandbox.run(shell, entrypoint, environment);
    assert.match(run.stderr, /^prometheus: loaded 600 s of history from [\d.:]+: 2 samples in under \d s\n$/);
    assert.deepEqual(filesIn(sandbox.dataFolder), ['01BLOCK', 'lab-config']);
    const [from, to, step] = ['from', 'to', 'step'].map((name) => Number(asked[0]?.searchParams.get(name)));
    assert.equal(to! - from!, 600);
    assert.equal(step, 1.5);
    assert.ok(to! <= Date.now() / 1000);

    await sandbox.run(shell, entrypoint, environment);
    assert.equal(asked.length, 1, 'a folder with data is left as it is');
  });

  test(`${shell.name}: history has no more than 3600 steps, however short the interval`, async (t) => {
    const { asked, address } = await exporterWith(t, '# EOF\n');
    for (const [interval, seconds] of [
      ['100ms', '3600'],
      ['1s', '86400'],
      ['1m', '86400'],
    ] as const) {
      const environment = { EXPORTER_ADDRESS: address, SCRAPE_INTERVAL: interval, HISTORY_SECONDS: seconds };
      await sandboxOf(t).run(shell, entrypoint, { ...base, ...environment });
    }
    assert.deepEqual(
      asked.map(({ searchParams }) => searchParams.get('step')),
      ['1', '24', '60'],
    );
  });

  test(`${shell.name}: history that promtool refuses leaves no half-written block`, async (t) => {
    const sandbox = sandboxOf(t);
    sandbox.standIn('promtool', writesBlocks(1));
    const { address } = await exporterWith(t, 'nonsense');
    const run = await sandbox.run(shell, entrypoint, { ...base, EXPORTER_ADDRESS: address });
    assert.match(run.stderr, /^prometheus: starts without history: promtool refuses .*\(line 2 is odd\)\n$/);
    assert.deepEqual(filesIn(sandbox.dataFolder), ['lab-config']);
    assert.ok(run.started);
  });

  test(`${shell.name}: without an answer from the exporter Prometheus starts without history`, async (t) => {
    const sandbox = sandboxOf(t);
    const { address } = await exporterWith(t, 'sorry', 500);
    const run = await sandbox.run(shell, entrypoint, { ...base, EXPORTER_ADDRESS: address });
    assert.match(run.stderr, /^prometheus: starts without history: .* did not give any \(.+\)\n$/);
    assert.deepEqual(filesIn(sandbox.dataFolder), ['lab-config']);
    assert.ok(run.started);
  });

  test(`${shell.name}: a folder that holds a write-ahead log is not empty`, async (t) => {
    const sandbox = sandboxOf(t);
    const { asked, address } = await exporterWith(t, '# EOF\n');
    mkdirSync(join(sandbox.dataFolder, 'wal'), { recursive: true });
    writeFileSync(join(sandbox.dataFolder, 'wal', '0'), '');
    await sandbox.run(shell, entrypoint, { ...base, EXPORTER_ADDRESS: address });
    assert.equal(asked.length, 0);
  });
}
