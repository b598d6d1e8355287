import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Sample } from '../promql/sample.ts';
import { betweenScrapes } from './between.ts';

const stored = (name: string, instance: string, ...samples: Sample[]) => ({
  labels: { __name__: name, instance },
  samples,
});
const series = [
  stored('up', 'a', [10, 1], [15, 1], [20, 0]),
  stored('up', 'b', [12, 1], [20.05, 1]),
  stored('x', 'a', [10, 1], [15, 2]),
  stored('x', 'b', [12, 3]),
];

test('an instant lies half-way between two scrapes, of whichever instance, unless these are too close together', async () => {
  const asked: [string, number, number][] = [];
  const read = {
    samples: async (...question: [string, number, number]) => {
      asked.push(question);
      return series;
    },
  };
  const found = await betweenScrapes(read, ['x'], ['a', 'b'], { from: 5, until: 25 });
  assert.deepEqual(asked, [['{__name__=~"x|up",job="my_app"}', 20, 25]]);
  assert.deepEqual(
    found.map(({ at, newest }) => [at, newest('x', 'a'), newest('x', 'b'), newest('up', 'a')]),
    [
      [11, 1, undefined, 1],
      [13.5, 1, 3, 1],
      [17.5, 2, 3, 1],
    ],
  );
  assert.deepEqual(found.at(-1)!.within('x', 'a', 5), [[15, 2]]);
});
