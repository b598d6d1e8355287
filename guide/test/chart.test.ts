import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Sample, Series } from '../../experiments/types.ts';
import { chart, findSpikes, type TrueSignal } from '../src/chart.ts';

/** A signal from second 99 on: one value per second. */
const signal = (cpuPercent: number[], startedAt = 0): TrueSignal => ({
  startedAt,
  instants: cpuPercent.map((_, index) => 99 + index),
  cpuPercent,
});
const wave = signal([0, 100, 0, 100, 0, 100, 0]);
/** Each scrape takes 0.1 s. */
const seenBy = (samples: Sample[] | undefined) =>
  findSpikes(
    wave,
    samples,
    100,
    samples?.map(([at]) => [at, 0.1]),
  ).map(({ seen }) => seen);
const spans = (spikes: { from: number; to: number }[]) => spikes.map(({ from, to }) => [from, to]);

test('each rise over the threshold is a spike, and lasts until the fall', () => {
  assert.deepEqual(spans(findSpikes(signal([0, 90, 95, 10, 81, 80]), [], 100)), [
    [100, 102],
    [103, 104],
  ]);
});

test('a spike that is still on ends with what is known', () => {
  assert.deepEqual(spans(findSpikes(signal([0, 0, 90, 95]), [], 100)), [[101, 103]]);
});

test('80 is not over 80', () => {
  assert.deepEqual(findSpikes(signal([0, 80, 80, 0]), [], 100), []);
});

test('a signal that is high all the time has no spike: nothing rises', () => {
  assert.deepEqual(findSpikes(signal([90, 90, 90, 90]), [], 100), []);
});

test('a spike that began before the window or before the exporter is not counted', () => {
  assert.deepEqual(spans(findSpikes(wave, [], 101)), [
    [102, 103],
    [104, 105],
  ]);
  assert.deepEqual(spans(findSpikes({ ...wave, startedAt: 103 }, [], 100)), [[104, 105]]);
});

const seen: [what: string, samples: Sample[] | undefined, seen: boolean[]][] = [
  ['no sample sees nothing', [], [false, false, false]],
  ['unknown samples see nothing', undefined, [false, false, false]],
  ['a sample sees the spike it falls into', [[102.5, 100]], [false, true, false]],
  ['a low sample between two spikes sees neither', [[101.5, 0]], [false, false, false]],
  ['a sample at the very start of a spike sees it', [[104, 100]], [false, false, true]],
  ['a high sample sent just before the edge met the spike after it', [[103.95, 100]], [false, false, true]],
  ['a low sample sent just before the end of a spike did not see it', [[102.99, 0]], [false, false, false]],
  ['a scrape a second sees all', [0, 1, 2, 3, 4].map((at) => [100.5 + at, at % 2 ? 0 : 100]), [true, true, true]],
];
for (const [what, samples, expected] of seen) {
  test(what, () => assert.deepEqual(seenBy(samples), expected));
}

const series = (name: string, samples: Sample[]): Series => ({ labels: { __name__: name }, samples });

test('the picture counts what happened and what was seen', () => {
  const stored = [series('cpu_usage_simulated', [[102.2, 100]]), series('up', [[102.2, 1]])];
  const { happened, seen, samples, gaps } = chart(100, 106, wave, stored);
  assert.deepEqual({ happened, seen, samples, gaps }, { happened: 3, seen: 1, samples: [[102.2, 100]], gaps: [] });
});

test('a failed scrape is a gap in the line', () => {
  const stored = [
    series('up', [
      [101, 1],
      [103, 0],
    ]),
  ];
  assert.deepEqual(chart(100, 106, wave, stored).gaps, [103]);
});

test('two series of the gauge are an error, not a mixture', () => {
  const stored = [series('cpu_usage_simulated', [[104, 1]]), series('cpu_usage_simulated', [[101, 2]])];
  assert.throws(() => chart(100, 106, wave, stored), /one series was meant and 2 were found/);
});

test('the truth begins when the exporter started', () => {
  const started = chart(100, 106, { ...wave, startedAt: 103 }, []).truth;
  assert.deepEqual(started, { startedAt: 103, firstSecond: 103, cpuPercent: [0, 100, 0] });
});

test('without Prometheus nobody knows what was seen, without the exporter what happened', () => {
  assert.deepEqual([chart(100, 106, wave, undefined).seen, chart(100, 106, wave, undefined).happened], [undefined, 3]);
  assert.deepEqual(chart(100, 106, undefined, []).truth, undefined);
});
