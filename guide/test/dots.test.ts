import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dotOf } from '../page/dots.ts';

/** How an hour with a sample each so many seconds is drawn over so many pixels. */
const dots = (everySeconds: number, width: number, kind: 'samples' | 'query' = 'samples') => {
  const samples = Array.from({ length: 3_600 / everySeconds }, (_, index): [number, number] => [
    index * everySeconds,
    1,
  ]);
  return dotOf({ kind, samples }, [0, 3_600], width);
};

test('dots that stand apart have a halo', () => assert.equal(dots(60, 900), 'ringed'));
test('dots closer than their halo are small, and the line is seen between them', () =>
  assert.equal(dots(30, 900), 'small'));
test('an hour of samples each 5 s is a line without dots', () => assert.equal(dots(5, 900), 'none'));
test('a line that a query draws has no dots', () => assert.equal(dots(60, 900, 'query'), 'none'));
