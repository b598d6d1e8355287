import assert from 'node:assert/strict';
import { test } from 'node:test';
import { every } from '../../test/lessons/verdicts.ts';
import type { Sample } from '../promql/sample.ts';
import { deliveryOf, isWithin, missingTimes } from './delivery.ts';

const series = (name: string, samples: readonly Sample[]) => ({ labels: { __name__: name }, samples: [...samples] });
const source = [series('cpu', every(5, 100, [1, 2, 3, 4])), series('up', every(5, 100.25, [1, 1, 1]))];

test('what arrived is compared by series, time and value', () => {
  assert.deepEqual(deliveryOf(source, source, 0, 200), {
    samples: 7,
    series: 2,
    missing: [[], []],
    wrong: 0,
    unexpected: 0,
  });
});

test('the order of labels does not matter, and what lies outside the stretch does not count', () => {
  const turned = { labels: { b: '2', a: '1' }, samples: every(5, 100, [1, 2, 3]) };
  const other = { labels: { a: '1', b: '2' }, samples: every(5, 105, [2, 3, 9]) };
  assert.deepEqual(deliveryOf([turned], [other], 105, 110), {
    samples: 2,
    series: 1,
    missing: [[]],
    wrong: 0,
    unexpected: 0,
  });
});

test('a sample that is missing, one with another value and one of nobody are distinguished', () => {
  const arrived = [series('cpu', [...every(5, 100, [1, 9]), [112, 3], [115, 4]]), series('other', [[100, 1]])];
  const { missing, wrong, unexpected } = deliveryOf(source, arrived, 0, 200);
  assert.deepEqual(missing, [
    [[110, 3]],
    [
      [100.25, 1],
      [105.25, 1],
      [110.25, 1],
    ],
  ]);
  assert.deepEqual([wrong, unexpected], [1, 2]);
  assert.deepEqual(missingTimes({ missing, wrong, unexpected, samples: 7, series: 2 }), [100.25, 105.25, 110, 110.25]);
});

test('a stretch includes both its ends', () => {
  const stretches = [{ from: 1, to: 2 }];
  assert.deepEqual(
    [0.9, 1, 2, 2.1].map((at) => isWithin(at, stretches)),
    [false, true, true, false],
  );
});
