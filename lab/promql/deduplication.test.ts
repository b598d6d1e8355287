import assert from 'node:assert/strict';
import { test } from 'node:test';
import { penalty, penaltyOver, withMarkers } from './deduplication.ts';
import type { Sample } from './sample.ts';

/** Samples at these seconds, each with the value that says whose it is. */
const at = (value: number, ...seconds: number[]): Sample[] => seconds.map((second) => [second, value]);
const whose = (samples: readonly Sample[]): string => samples.map(([time, value]) => `${'ab'[value]}${time}`).join(' ');
const every5 = (from: number, to: number) =>
  Array.from({ length: (to - from) / 5 + 1 }, (_, index) => from + 5 * index);

test('of two that are well it keeps the one that comes first', () => {
  assert.equal(whose(penalty(at(0, 0, 5, 10, 15), at(1, 2, 7, 12, 17))), 'a0 a5 a10 a15');
  assert.equal(whose(penalty(at(0, 2, 7, 12, 17), at(1, 0, 5, 10, 15))), 'b0 b5 b10 b15');
});
test('of samples at the same time the first replica’s is taken', () => {
  assert.equal(whose(penalty(at(0, 0, 5, 10), at(1, 0, 5, 10))), 'a0 a5 a10');
});
test('where one has no more, the other is read to its end', () => {
  assert.equal(whose(penalty(at(0, 0, 5), at(1, 2, 7, 12, 17, 22, 27))), 'a0 a5 b17 b22 b27');
  assert.equal(whose(penalty([], at(1, 2, 7))), 'b2 b7');
  assert.equal(whose(penalty(at(0, 2, 7), [])), 'a2 a7');
});
test('when the one that it follows is frozen, it skips two samples of the other and stays with that', () => {
  const a = at(0, ...every5(0, 20), ...every5(65, 90));
  const b = at(1, ...every5(2, 92));
  // From 20 on the other has to be later than 20 + 2 × 5: 32 is the first. Then a has to be later than 32 + 2 × 12, …
  assert.equal(whose(penalty(a, b)), 'a0 a5 a10 a15 a20 b32 b37 b42 b47 b52 b57 b62 b67 b72 b77 b82 b87 b92');
});
test('when the other one is frozen, nothing is missing', () => {
  const a = at(0, ...every5(0, 90));
  const b = at(1, ...every5(2, 20 + 2), ...every5(67, 92));
  assert.equal(whose(penalty(a, b)), whose(a));
});
test('a stale marker counts as a sample until the answer is given', () => {
  const a: Sample[] = [...at(0, 0, 5), [10, Number.NaN], ...at(0, 15)];
  assert.equal(whose(penalty(a, at(1, 2, 7, 12, 17))), 'a0 a5 a15');
});

test('where both begin a new chunk, the two may change places', () => {
  // Seen at a boundary of two hours, at which every chunk ends.
  const a = at(0, 83.524, 98.534);
  const b = at(1, 89.389);
  assert.equal(whose(penalty(a, b)), 'a83.524 b89.389');
  const seen = [...at(0, 83.524), ...at(1, 89.389), ...at(0, 98.534)];
  assert.deepEqual(penaltyOver(a, b, seen), seen);
  const other = [...at(1, 83.743), ...at(0, 85.651), ...at(1, 98.745)];
  assert.deepEqual(penaltyOver(at(0, 85.651), at(1, 83.743, 98.745), other), other);
});
test('and change back after a chunk that began and ended while the other replica was frozen', () => {
  // The first is frozen from 10 to 180. The chunk of the other from 22 to 177 takes its place, and gives it back.
  const a = at(0, 0, 5, 10, 180, 185, 190);
  const b = at(1, ...every5(2, 192));
  const without = [...at(0, 0, 5, 10), ...at(1, ...every5(22, 192))];
  assert.deepEqual(penalty(a, b), without);
  const seen = [...at(0, 0, 5, 10), ...at(1, ...every5(22, 177)), ...at(0, 180, 185, 190)];
  assert.deepEqual(penaltyOver(a, b, seen), seen);
  // From 22 to 77 are twelve samples: no chunk ends there.
  const short = at(0, 0, 5, 10, 80, 85, 90);
  const early = seen.filter(([time]) => time < 80).concat(at(0, 80, 85, 90));
  assert.deepEqual(penaltyOver(short, b, early), penalty(short, b));
});
test('an answer that no change of places explains is not predicted', () => {
  const plain = penalty(at(0, 0, 5, 10, 15), at(1, 2, 7, 12, 17));
  assert.deepEqual(penaltyOver(at(0, 0, 5, 10, 15), at(1, 2, 7, 12, 17), at(0, 0, 10, 15)), plain);
  assert.deepEqual(penaltyOver(at(0, 0, 5, 10, 15), at(1, 2, 7, 12, 17), at(0, 0, 5, 5, 10, 15)), plain);
});

test('a failed scrape has marked what was there', () => {
  const up = (...values: number[]): Sample[] => values.map((value, index) => [5 * index, value]);
  const marked = (samples: Sample[], ups: Sample[]) =>
    withMarkers(samples, ups).map(([time, value]) => `${time}:${value}`);
  assert.deepEqual(marked(at(7, 0, 5), up(1, 1)), ['0:7', '5:7']);
  assert.deepEqual(marked(at(7, 0, 15), up(1, 0, 0, 1)), ['0:7', '5:NaN', '15:7']);
  assert.deepEqual(marked(at(7, 5), up(0, 1)), ['5:7']);
});
