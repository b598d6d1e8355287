import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apiOver, away } from '../test/engine.ts';
import { every, expectationOf, labOf } from '../test/verdicts.ts';
import type { Reader } from '../types.ts';
import { exercises } from './exercise.ts';
import { nodeNames } from './nodes.ts';

const start = 1_800_000_000;

/**
 * The three receivers are scraped every 5 s.
 * @param up      how many answer, at each scrape
 * @param silent  how many do not answer now
 */
const expected = (up: readonly number[], silent = 0) => {
  const read = {
    samples: async () =>
      nodeNames.map((instance, index) => ({
        labels: { instance },
        samples: every(
          5,
          start + 5,
          up.map((count) => (index < count ? 1 : 0)),
        ),
      })),
    at: (address: string) =>
      nodeNames.findIndex((name) => address.startsWith(name)) < nodeNames.length - silent ? apiOver([]) : away,
  } as unknown as Reader;
  const exporter = { signal: 'random', seed: 1, startedAt: start, cores: 2 } as const;
  const lab = labOf({ now: start + 102, engine: [...nodeNames], remoteWriteUrl: 'http://receive-1:19291', exporter });
  return exercises[0]!.expected(read, lab);
};

test('with one away and with two there is something to tell apart', async () => {
  assert.equal((await expected([3, 3, 2, 2, 2, 1, 1])).kind, 'known');
});
test('receivers that were killed a moment ago are waited for', async () => {
  assert.equal(expectationOf(await expected([3, 3, 3], 1)), 'wait 16: two scrapes of a receiver that is away');
  assert.equal(
    expectationOf(await expected([3, 3, 2, 2], 2)),
    'wait 16: two scrapes of the second receiver that is away',
  );
  assert.equal(expectationOf(await expected([])), 'wait 16: two scrapes of the three receivers');
  // One instant of each kind is too few.
  assert.equal(expectationOf(await expected([3, 2, 2, 1, 1], 2)), 'wait 5: some more scrapes');
});
test('what is to be done by hand is told', async () => {
  assert.equal(expectationOf(await expected([3, 3, 3])), 'make kill SERVICE=receive-2: no receiver was away');
  assert.equal(
    expectationOf(await expected([3, 3, 2, 2], 1)),
    'make kill SERVICE=receive-3: never were two receivers away',
  );
  assert.equal(
    expectationOf(await expected([3, 3, 1, 1], 2)),
    'make start SERVICE=receive-3: never was one receiver away alone',
  );
});
