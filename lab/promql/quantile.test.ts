import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Bucket, bucketRates, histogramQuantile } from './quantile.ts';
import type { Series } from './sample.ts';

const start = 1_800_000_000;
const buckets = (...pairs: [upperBound: number, count: number][]): Bucket[] =>
  pairs.map(([upperBound, count]) => ({ upperBound, count }));

test('the quantile lies as far into its bucket as the observations do', () => {
  // Every request takes 0.26 s: all fall into 0.25 to 0.5, and 95 % of them "take" 0.4875 s.
  assert.equal(histogramQuantile(0.95, buckets([0.25, 0], [0.5, 10], [Infinity, 10])), 0.4875);
  assert.equal(histogramQuantile(0.5, buckets([1, 5], [2, 10], [Infinity, 10])), 1);
  assert.equal(histogramQuantile(0.25, buckets([1, 5], [2, 10], [Infinity, 10])), 0.5);
});
test('beyond the last edge the answer is that edge', () => {
  assert.equal(histogramQuantile(0.95, buckets([1, 5], [2, 6], [Infinity, 10])), 2);
});
test('nothing observed, no buckets or no +Inf: not a number', () => {
  assert.equal(histogramQuantile(0.5, buckets([1, 0], [Infinity, 0])), Number.NaN);
  assert.equal(histogramQuantile(0.5, []), Number.NaN);
  assert.equal(histogramQuantile(0.5, buckets([1, 1], [2, 2])), Number.NaN);
});
test('a count that falls from one edge to the next is raised', () => {
  assert.equal(histogramQuantile(0.5, buckets([1, 6], [2, 4], [Infinity, 8])), 4 / 6);
});

const series = (le: string, instance: string, perSecond: number): Series => ({
  labels: { le, instance },
  samples: [0, 5, 10].map((second) => [start + second, 1000 + perSecond * second] as const),
});

test('buckets are extrapolated one by one, then added up over instances', () => {
  const both = [series('0.5', 'a', 1), series('0.5', 'b', 2), series('+Inf', 'a', 4), series('+Inf', 'b', 4)];
  assert.deepEqual(bucketRates(both, start + 10, 11), buckets([0.5, 3], [Infinity, 8]));
});
test('a bucket must have an edge', () => {
  assert.throws(() => bucketRates([{ labels: {}, samples: [] }], start, 60), /must have the label le/);
});
