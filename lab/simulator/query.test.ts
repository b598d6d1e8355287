import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluate } from './query.ts';

const stored = [
  {
    labels: { __name__: 'load' },
    staleAt: [],
    samples: [1, 2, 3, 4].map((second) => [second * 10, second] as const),
  },
];
const answerOf = (expr: string, at: number, graph?: { start: number; end: number }) =>
  evaluate(stored, expr, at, graph)[0]?.samples[0]?.[1];

test('@ fixes the instant: of a time, or of the ends of a graph', () => {
  const graph = { start: 11, end: 41 };
  assert.deepEqual(
    ['load', 'load @ 21', 'load @ start()', 'load @ end()', 'sum_over_time(load[15s] @ end())'].map((expr) =>
      answerOf(expr, 31, graph),
    ),
    [3, 2, 1, 4, 7],
  );
  assert.equal(answerOf('load @ end()', 31), 3);
});
