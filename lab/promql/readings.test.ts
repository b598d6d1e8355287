import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readings, tolerantGrowth } from './readings.ts';
import type { Sample } from './sample.ts';

/** A counter scraped every 10 s: 12 in the minute before second 60, by 2 each time. */
const counter: Sample[] = [0, 10, 20, 30, 40, 50, 60, 70].map((at) => [1_000 + at, 100 + at / 5] as const);
const given = (name: keyof typeof readings, samples: readonly Sample[], at: number, windowSeconds: number) => ({
  prometheus: readings[name].prometheus(samples, at, windowSeconds),
  others: readings[name].others.map(({ of }) => of(samples, at, windowSeconds)),
});

test('increase: Prometheus carries it to the edges, others count from the sample before', () => {
  const { prometheus, others } = given('increase', counter, 1_065, 30);
  // 40, 50 and 60 are in the window: 4 in 20 s, carried 5 s to each side.
  assert.equal(prometheus, 6);
  assert.deepEqual(others, [6, 6, undefined]);
  assert.deepEqual(given('increase', counter, 1_062, 30).others, [6, 6, undefined]);
});

test('rate over one scrape interval: nothing in Prometheus, a value where the sample before counts', () => {
  assert.deepEqual(given('rate', counter, 1_062, 5), { prometheus: undefined, others: [0.2, 0.2] });
});

test('a window without a sample after one is a counter that stands still', () => {
  assert.deepEqual(given('rate', counter, 1_079, 5).others, [0, 0]);
  assert.deepEqual(given('increase', counter, 1_079, 5).others, [0, 0, undefined]);
});

test('a counter that is created with its first value: 0 in Prometheus, all of it where it counts from 0', () => {
  const created: Sample[] = [
    [1_040, 5],
    [1_050, 5],
    [1_060, 5],
  ];
  assert.deepEqual(given('increase', created, 1_065, 60), { prometheus: 0, others: [undefined, undefined, 5] });
  const old: Sample[] = [
    [1_050, 90_000],
    [1_060, 90_002],
  ];
  assert.equal(given('increase', old, 1_065, 60).others[2], 2, 'a high one has a past');
});

test('a drop of less than an eighth is no restart for a tolerant backend', () => {
  const fallsTo = (value: number): Sample[] => [
    [0, 800],
    [10, value],
    [20, value + 7],
  ];
  assert.equal(tolerantGrowth(fallsTo(710)), 7);
  assert.equal(tolerantGrowth(fallsTo(700)), 707);
});

test('changes and delta from the sample before the window', () => {
  const gauge: Sample[] = [
    [0, 1],
    [10, 2],
    [20, 2],
    [30, 5],
  ];
  assert.deepEqual(given('changes', gauge, 32, 25), { prometheus: 1, others: [2] });
  assert.deepEqual(given('delta', gauge, 32, 25).others, [4]);
  assert.deepEqual(given('count', gauge, 32, 25), { prometheus: 3, others: [4] });
});

test('the newest sample counts for five minutes, or is gone sooner', () => {
  const gauge: Sample[] = [[0, 7]];
  assert.deepEqual(given('newest', gauge, 299, 300), { prometheus: 7, others: [undefined] });
  assert.equal(given('newest', gauge, 300, 300).prometheus, undefined);
});
