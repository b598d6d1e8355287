import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apiOver, away } from '../test/engine.ts';
import { every, expectationOf, labOf } from '../test/verdicts.ts';
import type { Reader, Sample } from '../types.ts';
import { exercises } from './exercise.ts';

const start = 1_800_000_000;

/** Both replicas are scraped every 5 s; the second does not answer the last scrapes, or not any more. */
const expected = (failed: number, isThere: boolean) => {
  const ups = (values: readonly number[]): Sample[] => every(5, start + 5, values);
  const read = {
    samples: async () => [
      { labels: { instance: 'replica-a' }, samples: ups(Array(20).fill(1)) },
      { labels: { instance: 'replica-b' }, samples: ups([...Array(20 - failed).fill(1), ...Array(failed).fill(0)]) },
    ],
    at: (address: string) => (isThere || address.startsWith('replica-a') ? apiOver([]) : away),
  } as unknown as Reader;
  const exporter = { signal: 'random', seed: 1, startedAt: start, cores: 2 } as const;
  return exercises[0]!.expected(read, labOf({ now: start + 102, engine: ['replica-a', 'replica-b'], exporter }));
};

test('before a failed scrape and after it there is something to tell apart', async () => {
  assert.equal((await expected(3, false)).kind, 'known');
});
test('a replica that was frozen a moment ago is waited for', async () => {
  assert.equal(expectationOf(await expected(0, false)), 'wait 10: the scrapes of a replica that is away');
});
test('where both answer, one is to be frozen', async () => {
  assert.equal(
    expectationOf(await expected(0, true)),
    'make freeze SERVICE=replica-b: both replicas have answered all the time',
  );
});
