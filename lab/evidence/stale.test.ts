import assert from 'node:assert/strict';
import { test } from 'node:test';
import { every, labOf } from '../../test/lessons/verdicts.ts';
import { hasLeftover } from './stale.ts';

const start = 1_800_000_000;
const lab = labOf({ prometheusStartedAt: start });
const until = (last: number) => ({ labels: {}, samples: every(5, start + last - 20, [1, 1, 1, 1, 1]) });

test('what ended under an earlier Prometheus is shown for five minutes', () => {
  const shown = (second: number) => hasLeftover([until(-10)], lab, start + second);
  assert.deepEqual([0, 289, 290, 400].map(shown), [true, true, false, false]);
});
test('what goes on, or ended under this Prometheus, is none', () => {
  assert.equal(hasLeftover([until(60), until(30)], lab, start + 60), false);
  assert.equal(hasLeftover([], lab, start + 60), false);
});
