import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Series } from '../promql/sample.ts';
import { columnOf, ofInstance } from './distribution.ts';

const buckets = (instance: string, counts: Record<string, number>): Series[] =>
  Object.entries(counts).map(([le, count]) => ({ labels: { instance, le }, samples: [[1_800_000_000, count]] }));

test('what is in each bucket, and where the quantile lands in it', () => {
  const series = buckets('a', { '0.1': 0, '0.25': 0, '0.5': 120, '+Inf': 120 });
  assert.deepEqual(columnOf('default edges', 4, series, 0.95), {
    name: 'default edges',
    colour: 4,
    buckets: [{ low: 0.25, high: 0.5, share: 1 }],
    quantile: 0.4875,
  });
});
test('the bucket beyond the last edge has no end, and the quantile is that edge', () => {
  const { buckets: held, quantile } = columnOf('', 5, buckets('a', { '0.1': 30, '0.2': 30, '+Inf': 120 }), 0.95);
  assert.deepEqual(held, [
    { low: 0, high: 0.1, share: 0.25 },
    { low: 0.2, share: 0.75 },
  ]);
  assert.equal(quantile, 0.2);
});
test('of two instances the buckets are added up', () => {
  const both = [
    ...buckets('a', { '0.5': 90, '1': 90, '+Inf': 90 }),
    ...buckets('b', { '0.5': 0, '1': 10, '+Inf': 10 }),
  ];
  assert.deepEqual(columnOf('', 3, both, 0.95).quantile, 0.75);
  assert.deepEqual(columnOf('', 3, ofInstance(both, 'b'), 0.95).quantile, 0.975);
});
test('where nothing was counted there is nothing to draw', () => {
  assert.deepEqual(columnOf('a', 3, [], 0.95), { name: 'a', colour: 3, buckets: [] });
  assert.deepEqual(columnOf('a', 3, buckets('a', { '0.5': 0, '+Inf': 0 }), 0.95), {
    name: 'a',
    colour: 3,
    buckets: [],
  });
});
