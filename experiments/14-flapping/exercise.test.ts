import assert from 'node:assert/strict';
import { test } from 'node:test';
import { every, labOf } from '../../test/lessons/verdicts.ts';
import { instantsOf } from './exercise.ts';

const start = 1_800_000_000;
const lab = labOf({
  now: start + 100,
  exporter: { signal: 'square', seed: 1, startedAt: start, cores: 2 },
});
/** Scraped every 5 s, half a second after the signal may have changed. */
const wave = (values: number[]) => every(5, start + 0.5, values);
const kindsOf = (values: number[]) =>
  instantsOf(wave(values), lab).map(({ at, kind, fires }) => [at - start, kind, fires] as const);

const [high, low] = [95, 5];

test('true from the first high sample on, and for ten seconds after the last', () => {
  assert.deepEqual(kindsOf([low, low, low, high, high, high, high, low, low, low, low, high, low]), [
    [18, 'just risen', true],
    [23, 'high', true],
    [28, 'high', true],
    [33, 'high', true],
    // 7.5 s after the last high sample. Between 10 and 15 s an offset may still find a high one.
    [38, 'just over', true],
    [48, 'long over', false],
    [53, 'long over', false],
    [58, 'just risen', true],
  ]);
});
test('the end of a short peak is not asked for: an offset of ten seconds goes over it', () => {
  assert.deepEqual(
    kindsOf([low, low, low, low, high, low, low, low]).map(([, kind]) => kind),
    ['just risen'],
  );
});
test('where it began and where a scrape is missing nothing is known', () => {
  assert.deepEqual(kindsOf([high, high, low, low, low, low]), []);
  const gap = wave([low, low, low, high, high, high]).filter((_, index) => index !== 2);
  assert.deepEqual(instantsOf(gap, lab), []);
});
