import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Sample } from '../promql/sample.ts';
import { findSpikes } from './spikes.ts';

/** A signal from second 99 on: one value per second. */
const signal = (cpuPercent: number[]): Sample[] => cpuPercent.map((value, index) => [99 + index, value]);
const wave = signal([0, 100, 0, 100, 0, 100, 0]);
const spans = (cpuPercent: number[], from = 100) =>
  findSpikes(signal(cpuPercent), [], [], from).map(({ from, to }) => [from, to]);

test('each rise over the threshold is a spike, and lasts until the fall', () => {
  assert.deepEqual(spans([0, 90, 95, 10, 81, 80]), [
    [100, 102],
    [103, 104],
  ]);
});

test('a spike that is still on ends with what is known', () => {
  assert.deepEqual(spans([0, 0, 90, 95]), [[101, 103]]);
});

test('80 is not over 80', () => assert.deepEqual(spans([0, 80, 80, 0]), []));

test('a signal that is high all the time has no spike: nothing rises', () => {
  assert.deepEqual(spans([90, 90, 90, 90]), []);
});

test('a spike that began before the window is not counted', () => {
  assert.deepEqual(spans([0, 100, 0, 100, 0, 100, 0], 101), [
    [102, 103],
    [104, 105],
  ]);
});

/** Each scrape takes 0.1 s. */
const metBy = (samples: Sample[]) =>
  findSpikes(
    wave,
    samples,
    samples.map(([at]) => [at, 0.1]),
    100,
  ).map(({ isMet }) => isMet);

const met: [what: string, samples: Sample[], isMet: boolean[]][] = [
  ['no sample meets nothing', [], [false, false, false]],
  ['a sample meets the spike it falls into', [[102.5, 100]], [false, true, false]],
  ['a low sample between two spikes meets neither', [[101.5, 0]], [false, false, false]],
  ['a sample at the very start of a spike meets it', [[104, 100]], [false, false, true]],
  ['a high sample sent just before the edge met the spike after it', [[103.95, 100]], [false, false, true]],
  ['a low sample sent just before the end of a spike did not meet it', [[102.99, 0]], [false, false, false]],
  ['a scrape a second meets all', [0, 1, 2, 3, 4].map((at) => [100.5 + at, at % 2 ? 0 : 100]), [true, true, true]],
];
for (const [what, samples, expected] of met) test(what, () => assert.deepEqual(metBy(samples), expected));
