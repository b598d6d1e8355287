import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answersNow, silentNow } from './answering.ts';
import { away, says } from './test/engine.ts';
import type { Api } from './types.ts';

const there: Api = { ...away, answer: async () => ({ ...says(404), data: undefined }) };
const at = (address: string) => (address.startsWith('shard-a') ? there : away);

test('a service answers, whatever it says; one that is away does not', async () => {
  assert.equal(await answersNow({ at }, 'shard-a:9090'), true);
  assert.equal(await answersNow({ at }, 'shard-b:9090'), false);
});
test('those that are away are counted', async () => {
  assert.equal(await silentNow({ at }, ['shard-a:9090', 'shard-b:9090', 'shard-c:9090']), 2);
  assert.equal(await silentNow({ at }, ['shard-a:9090']), 0);
});
