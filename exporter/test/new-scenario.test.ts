import assert from 'node:assert/strict';
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { tsImport } from 'tsx/esm/api';
import { repository } from '../../scripts/host/repository.ts';
import { temporaryFolder } from '../../test/support/folder.ts';

/** CONTRIBUTING.md, followed to the letter in a copy: a file, and its line in the list. */
test('a scenario is one file and its line: setting, metrics, truth and documents follow', async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  for (const part of ['exporter/src', 'lab/chance', 'lab/settings', 'lab/http', 'package.json']) {
    cpSync(join(repository, part), join(folder, part), { recursive: true });
  }
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
  const [, name, text] = /^```ts (exporter\/\S+)\n([\s\S]*?)^```$/m.exec(
    readFileSync(join(repository, 'CONTRIBUTING.md'), 'utf8'),
  )!;
  writeFileSync(join(folder, name!), text!);
  const list = join(folder, 'exporter/src/scenarios.ts');
  writeFileSync(
    list,
    `import { queue } from './signals/queue.ts';\n${readFileSync(list, 'utf8').replace(/(?=\] as const;)/, ', queue')}`,
  );

  const load = (module: string) => tsImport(pathToFileURL(join(folder, 'exporter/src', module)).href, import.meta.url);
  const [
    { parseConfig },
    { fleetOf },
    { createMetrics },
    { truth, truthSeries },
    { settingRows, truthRows, handedOn },
  ] = await Promise.all(['config.ts', 'fleet.ts', 'metrics.ts', 'truth.ts', 'document.ts'].map(load));
  const start = 1_800_000_000;
  const fleet = fleetOf(parseConfig({ INSTANCES: '2', QUEUE_2: '1m' }), start);
  const page = (world: unknown) => createMetrics(world, () => start + 90.5, { metrics: async () => '' })('text');
  assert.match(await page(fleet[1]), /^queue_length 30$/m);
  assert.doesNotMatch(await page(fleet[0]), /queue_length/);
  const reported = truth(fleet[1], fleet, { from: start, to: start + 60, step: 30 }, 0);
  assert.deepEqual(reported.queue, [0, 30, 0]);
  assert.deepEqual(
    reported.fleet.map(({ simulates }: { simulates: string[] }) => simulates),
    [[], ['queue']],
  );
  assert.equal(truthSeries(fleet[1], 0) - truthSeries(fleet[0], 0), 1);
  assert.throws(() => parseConfig({ QUEUE: 'long' }), /QUEUE must be a duration from 1s to 1h such as 1m, got "long"/);
  assert.deepEqual(settingRows.at(-1).slice(0, 2), ['`QUEUE`', '`1m`']);
  assert.deepEqual(truthRows.at(-1)[0], '`queue`');
  assert.deepEqual(handedOn.slice(-2), ['QUEUE', 'QUEUE_2']);
});
