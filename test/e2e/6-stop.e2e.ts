import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { make } from '../support/commands.ts';
import { docker } from '../support/runtime.ts';
import { composeOnly, lab } from './stack.ts';

/** How the lab ends, and what outlives it. */

before(async () => {
  await make('up');
  await lab.scraped();
});

test('make down stops everything, and what was stored is there after make up', async () => {
  const stoppedAt = lab.now() - 1;
  const before = await lab.stored(stoppedAt - 600, stoppedAt);
  await make('down');
  await lab.nothingAnswers();
  await make('up');
  await lab.scraped();
  assert.ok(before.length > 20, `${before.length} samples`);
  assert.deepEqual(await lab.stored(stoppedAt - 600, stoppedAt), before);
});

test('docker compose down alone stops everything', { skip: composeOnly }, async () => {
  await docker('compose', 'down');
  await lab.nothingAnswers();
  assert.equal(await docker('ps', '-aq', '--filter', 'label=com.docker.compose.project=prometheus-lab'), '');
});
