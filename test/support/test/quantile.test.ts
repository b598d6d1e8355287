import assert from 'node:assert/strict';
import { test } from 'node:test';
import { median, quantile } from '../quantile.ts';

test('the median is the middle value, whatever the order', () => {
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.equal(median([7]), 7);
  assert.ok(Number.isNaN(median([])));
});

test('the values are left in their order', () => {
  const values = [3, 1, 2];
  median(values);
  assert.deepEqual(values, [3, 1, 2]);
});

test('numbers are ordered as numbers', () => {
  assert.equal(median([10, 9, 100]), 10);
});

test('a quantile lies between its two nearest values', () => {
  const values = Array.from({ length: 101 }, (_, index) => index);
  assert.equal(quantile(values, 0.99), 99);
  assert.equal(quantile([0, 10], 0.25), 2.5);
  assert.equal(quantile([5, 1], 1), 5);
  assert.equal(quantile([5, 1], 0), 1);
});
