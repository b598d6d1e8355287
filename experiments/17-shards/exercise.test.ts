import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apiOver, away } from '../test/engine.ts';
import { every, expectationOf, labOf } from '../test/verdicts.ts';
import type { Reader, Sample } from '../types.ts';
import { exercises } from './exercise.ts';

const start = 1_800_000_000;

/** Both shards are scraped every 5 s; the second does not answer the last scrapes, or not any more. */
const expected = (failed: number, isThere: boolean) => {
  const ups = (values: readonly number[]): Sample[] => every(5, start + 5, values);
  const read = {
    samples: async () => [
      { labels: { instance: 'shard-a' }, samples: ups(Array(12).fill(1)) },
      { labels: { instance: 'shard-b' }, samples: ups([...Array(12 - failed).fill(1), ...Array(failed).fill(0)]) },
    ],
    at: (address: string) => (isThere || address.startsWith('shard-a') ? apiOver([]) : away),
  } as unknown as Reader;
  const exporter = { signal: 'random', seed: 1, startedAt: start, cores: 2 } as const;
  return exercises[0]!.expected(read, labOf({ now: start + 62, engine: ['shard-a', 'shard-b'], exporter }));
};

test('before a scrape of the dead shard and after it there is something to tell apart', async () => {
  assert.equal((await expected(3, false)).kind, 'known');
});
test('a shard that was killed a moment ago is waited for', async () => {
  assert.equal(expectationOf(await expected(0, false)), 'wait 10: two scrapes after a shard has died');
  assert.equal(expectationOf(await expected(1, false)), 'wait 10: two scrapes after a shard has died');
});
test('where both are there, one is to be killed', async () => {
  assert.equal(
    expectationOf(await expected(0, true)),
    'make kill SERVICE=shard-b: both shards have been there all the time',
  );
});
