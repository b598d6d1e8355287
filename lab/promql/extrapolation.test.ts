import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agrees, delta, growth, increase, irate, rate } from './extrapolation.ts';
import type { Sample } from './sample.ts';
import { inWindow } from './window.ts';

const start = 1_800_000_000;
const at = (...samples: [second: number, value: number][]): Sample[] =>
  samples.map(([second, value]) => [start + second, value]);
const everyFive = at([0, 100], [5, 120], [10, 140], [15, 160], [20, 180]);

test('a window is open on the left and closed on the right', () => {
  assert.deepEqual(
    inWindow(everyFive, start + 15, 10).map(([, value]) => value),
    [140, 160],
  );
  assert.deepEqual(
    inWindow(everyFive, start + 14.999, 10).map(([, value]) => value),
    [120, 140],
  );
  assert.deepEqual(
    inWindow(everyFive, start + 20.001, 20).map(([, value]) => value),
    [120, 140, 160, 180],
  );
});

test('a counter is carried to both edges that are nearer than 1.1 intervals', () => {
  // Samples from 5 to 20, the window from 0 to 21: 60 in 15 s, carried to 21 s.
  assert.equal(increase(everyFive, start + 21, 21), 84);
  assert.equal(rate(everyFive, start + 21, 21), 4);
});
test('an edge that is farther away counts half an interval', () => {
  // The window from 14 to 34: samples at 15 and 20, 1 s before them and 14 s after: 20 × (5 + 1 + 2.5) / 5.
  assert.equal(increase(everyFive, start + 34, 20), 34);
});
test('1.1 intervals are already too far', () => {
  // The window from 15 to 25.5 holds one sample; from 14.9 it holds two, and the end is 5.5 s away: 1 + 0.1 + 2.5.
  assert.equal(increase(everyFive, start + 25.5, 10.5), undefined);
  assert.ok(Math.abs(increase(everyFive, start + 25.5, 10.6)! - 30.4) < 1e-9);
});
test('a counter is not carried below zero, at the start side only', () => {
  const young = at([0, 2], [5, 22], [10, 42]);
  // It would have begun 0.5 s before its first sample; at the end it is carried the whole 4 s.
  assert.equal(increase(young, start + 14, 18), 58);
  // A gauge has no such floor.
  assert.equal(delta(young, start + 14, 18), 72);
});
test('what a counter lost at a restart is added, and what a gauge lost is not', () => {
  const restarted = at([0, 100], [5, 120], [10, 10], [15, 30]);
  assert.equal(growth(restarted), 50);
  assert.equal(delta(restarted, start + 15, 15.001)?.toFixed(2), '-70.00');
});
test('an answer agrees with its like, to 1e-9', () => {
  assert.equal(agrees(4, 4 + 1e-12), true);
  assert.equal(agrees(4, 4.0001), false);
  assert.equal(agrees(undefined, undefined), true);
  assert.equal(agrees(undefined, 0), false);
  assert.equal(agrees(Number.NaN, 4), false);
});
test('one sample has no rate', () => {
  assert.equal(rate(everyFive, start + 20, 5), undefined);
  assert.equal(delta([], start, 60), undefined);
  assert.equal(growth([]), 0);
});

test('irate is of the last two samples in the window, over a reset as well', () => {
  const samples = at([0, 0], [5, 100], [10, 104], [15, 3]);
  assert.deepEqual(
    [0, 5, 9, 10, 15].map((second) => irate(samples, start + second, 60)),
    [undefined, 20, 20, 0.8, 0.6],
  );
  assert.equal(irate(samples, start + 12, 5), undefined);
});
