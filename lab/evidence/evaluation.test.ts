import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Sample } from '../promql/sample.ts';
import { couldBeNewest } from './evaluation.ts';

const start = 1_800_000_000;
const samples: Sample[] = [
  [start, 1],
  [start + 5, 2],
  [start + 10, 3],
];
const newestAt = (second: number, durationSeconds = 0.01) =>
  couldBeNewest(samples, (at) => ({ at, durationSeconds }), start + second).map((sample) => sample?.[1]);

test('well after a scrape its sample is the newest', () => {
  assert.deepEqual(newestAt(7), [2]);
  assert.deepEqual(newestAt(60), [3]);
});
test('just after a scrape its sample may be stored already or not', () => {
  assert.deepEqual(newestAt(5.4), [1, 2]);
  assert.deepEqual(newestAt(5), [1, 2]);
  assert.deepEqual(newestAt(7, 1.6), [1, 2]);
  assert.deepEqual(newestAt(4.999), [1]);
});
test('before the first one is surely stored there may be none', () => {
  assert.deepEqual(newestAt(0.2), [undefined, 1]);
  assert.deepEqual(newestAt(-1), [undefined]);
});
