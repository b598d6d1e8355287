import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generationsMet } from './generations.ts';

const start = 1_800_000_000;
/** A new generation every 10 s. */
const churn = {
  firstSecond: start,
  generation: Array.from({ length: 100 }, (_, second) => Math.floor(second / 10)),
};
const met = (seconds: number[], durationSeconds = 0.01) =>
  generationsMet(
    churn,
    seconds.map((second) => ({ at: start + second, durationSeconds })),
  );

test('scrapes in the midst of generations meet each of them', () => {
  assert.deepEqual(met([2.5, 7.5, 12.5, 17.5, 22.5]), [3, 3]);
  assert.deepEqual(met([2.5]), [1, 1]);
  assert.deepEqual(met([]), [0, 0]);
});
test('a slow scrape leaves generations out', () => {
  assert.deepEqual(met([2.5, 32.5, 62.5]), [3, 3]);
});
test('a scrape at the turn may have met either; another scrape in the same generation settles it', () => {
  assert.deepEqual(met([5, 9.999]), [1, 2]);
  assert.deepEqual(met([5, 9.999, 15]), [2, 2]);
  assert.deepEqual(met([9.999, 19.999, 29.999]), [2, 3]);
});
test('a truth that does not reach far enough is an error, not a pass', () => {
  assert.throws(() => met([100.5]), /must reach to second 1800000100, it reaches from 1800000000 to 1800000099/);
});
