import assert from 'node:assert/strict';
import { test } from 'node:test';
import { every } from '../../test/lessons/verdicts.ts';
import { midpoints, rowsOf, spread } from './instants.ts';
import { difference, hull, increaseRange, meanRange, rateRange } from './ranges.ts';

/** A scrape every 5 s from second 1000; asked half-way between the last two. */
const at = 1_062.5;

test('the mean of a window may be seen one sample earlier', () => {
  const samples = every(5, 1_000, [9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  // 15 s hold three samples: 10, 11, 12, or 9, 10, 11.
  assert.deepEqual(meanRange(samples, at, 15, 5), [10, 11]);
  assert.equal(meanRange(samples, 990, 15, 5), undefined);
});

test('a rate is that of the window, of the one a scrape before, or the plain difference', () => {
  const samples = every(5, 1_000, [100, 110, 120, 130, 140, 150, 160, 170, 180, 190, 200, 220, 240]);
  // Windows of 20 s: 190 to 240 in 15 s; a scrape earlier 180 to 220; the plain difference is 60 in 20 s.
  const [low, high] = rateRange(samples, at, 20, 5)!;
  assert.ok(Math.abs(low - 40 / 15) < 1e-12, `${low}`);
  assert.ok(Math.abs(high - 50 / 15) < 1e-12, `${high}`);
});

test('a counter that fell, or a missing scrape, has no rate to judge by', () => {
  assert.equal(
    rateRange(every(5, 1_000, [100, 110, 120, 130, 140, 150, 160, 170, 180, 190, 0, 10, 20]), at, 20, 5),
    undefined,
  );
  const gap = [...every(5, 1_000, [0, 10, 20, 30, 40, 50, 60, 70, 80]), ...every(5, 1_055, [110, 120])];
  assert.equal(rateRange(gap, at, 20, 5), undefined);
});

test('an increase repairs the fall of a restart', () => {
  // Window of 30 s: 150, 160, 170, then 5, 15, 25 after the restart: 20 + 25 grew in 25 s.
  const samples = every(5, 1_000, [80, 90, 100, 110, 120, 130, 140, 150, 160, 170, 5, 15, 25]);
  assert.deepEqual(increaseRange(samples, at, 30, 5), [45, (45 * 30) / 25]);
  assert.equal(increaseRange(samples, 1_020, 60, 5), undefined);
});

test('ranges: from the lowest to the highest, and their difference', () => {
  assert.deepEqual(hull(3, 1, 2), [1, 3]);
  assert.equal(hull(3, undefined), undefined);
  assert.deepEqual(difference([10, 11], [2, 4]), [6, 9]);
});

test('instants lie half-way between samples, and not where a scrape is missing', () => {
  const samples = [...every(5, 1_000, [1, 2, 3]), ...every(5, 1_030, [4, 5])];
  assert.deepEqual(midpoints(samples, 7.5), [
    { at: 1_002.5, index: 0 },
    { at: 1_007.5, index: 1 },
    { at: 1_032.5, index: 3 },
  ]);
  assert.deepEqual(midpoints(samples, 7.5, 3), [{ at: 1_002.5, index: 0 }]);
});

test('values that are far apart are chosen, each instant once', () => {
  const candidates = [4, 4.1, 3.9, 4, 12, 4.2, 8, 11.9].map((value, at) => ({ at, number: [value, value] as const }));
  assert.deepEqual(
    spread(candidates, 4).map(({ number: [value] }) => value),
    [3.9, 8, 11.9, 12],
  );
});

test('a scrape in which a series is missing is no row', () => {
  const series = [
    { labels: { core: 'core1' }, samples: every(5, 1_000, [1, 2, 3]) },
    { labels: { core: 'core2' }, samples: every(5, 1_005, [20, 30]) },
  ];
  assert.deepEqual(rowsOf(series, 'core'), [
    { at: 1_005, values: { core1: 2, core2: 20 } },
    { at: 1_010, values: { core1: 3, core2: 30 } },
  ]);
});
