import assert from 'node:assert/strict';
import { test } from 'node:test';
import { every } from '../../test/lessons/verdicts.ts';
import { instantsOf } from './exercise.ts';

const start = 1_800_000_000;

test('asked while it is measured, just before it is 15 s old, just after, and until it is shown no more', () => {
  const instants = instantsOf(every(5, start, [21, 22, 23, 24]));
  const since = instants.map((each) => each.map(({ at }) => at - start));
  assert.deepEqual(since[0], [0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5, 9.5, 10.5, 11.5, 12.5, 13.5, 14.5]);
  // The last sample is of 15 s.
  assert.deepEqual(since[1], [27, 28, 29]);
  assert.deepEqual(since[2], [31, 32, 33]);
  assert.deepEqual(since[3], [45, 65, 85, 105, 125, 145, 165, 185, 205, 225, 245, 265, 285, 305]);
  assert.deepEqual(
    instants.map((each) => [...new Set(each.map((instant) => 'fires' in instant && instant.fires))]),
    [[false], [false], [true], [true]],
  );
});
