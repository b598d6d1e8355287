import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { fetchDirect } from '../../lab/running/fetch.ts';
import { start, startService } from '../../test/support/processes.ts';
import { labProgram } from '../../test/support/programs.ts';
import { serve } from '../../test/support/serve.ts';

const main = labProgram('guide/src/main.ts');

test('SIGTERM ends the process by itself, even with a connection open', { timeout: 120_000 }, async () => {
  const guide = await startService('guide');
  await fetchDirect(`http://127.0.0.1:${guide.port}/healthz`, 2_000, { headers: { connection: 'keep-alive' } });
  guide.child.kill('SIGTERM');
  assert.deepEqual(await once(guide.child, 'exit'), [0, null]);
});

const refused: [what: string, settings: (t: Parameters<typeof serve>[0]) => Promise<Record<string, string>>][] = [
  ['PORT must be a whole number from 1 to 65535, got "http"', async () => ({ PORT: 'http' })],
  ['PORT \\d+ is taken by another process', async (t) => ({ PORT: (await serve(t, () => {})).split(':')[1]! })],
];
for (const [sentence, settings] of refused) {
  test(`exit 1 and no stack: ${sentence}`, { timeout: 120_000 }, async (t) => {
    const guide = start(main, { HOST: '127.0.0.1', ...(await settings(t)) });
    assert.deepEqual(await once(guide.child, 'close'), [1, null]);
    assert.match(guide.stderr(), new RegExp(`^guide: cannot start\n  ${sentence}\n$`));
  });
}
