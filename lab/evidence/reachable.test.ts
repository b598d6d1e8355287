import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Api } from '../model/reader.ts';
import { away, says } from '../simulator/backend.ts';
import { answersNow, silentNow } from './reachable.ts';

const there: Api = { ...away, answer: async () => ({ ...says(404), data: undefined }) };
const at = (address: string) => (address.startsWith('shard-a') ? there : away);

test('a service answers, whatever it says; one that is away does not', async () => {
  assert.equal(await answersNow({ at }, 'shard-a:9090'), true);
  assert.equal(await answersNow({ at }, 'shard-b:9090'), false);
});
test('those that are away are named', async () => {
  assert.deepEqual(await silentNow({ at }, ['shard-a', 'shard-b', 'shard-c'], 9090), ['shard-b', 'shard-c']);
  assert.deepEqual(await silentNow({ at }, ['shard-a'], 9090), []);
});
