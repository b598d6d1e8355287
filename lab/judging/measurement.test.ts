import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Expected } from '../model/exercise.ts';
import type { Judgement } from '../model/verdict.ts';
import { whereMeasured } from './measurement.ts';

const start = 1_800_000_000;
const at = (...seconds: number[]): Expected[] =>
  seconds.map((second) => ({ at: start + second, number: [second, second] }));
const measured: Judgement = { kind: 'measured', findings: [] };

test('of each kind of instant three are taken, as far apart as can be', () => {
  assert.deepEqual(whereMeasured(measured, 'make exp-9', at(0, 5, 10, 15, 20), at(30)), {
    kind: 'known',
    instants: at(0, 10, 20, 30),
  });
});
test('where the verdict waits or sends elsewhere, so does the exercise', () => {
  const wait = { kind: 'wait', seconds: 7, reason: 'a deploy' } as const;
  assert.deepEqual(whereMeasured(wait, 'make exp-9', at(0, 5, 10)), wait);
  const elsewhere = { kind: 'elsewhere', reason: 'nobody leaves' } as const;
  assert.deepEqual(whereMeasured(elsewhere, 'make exp-9'), { ...elsewhere, type: 'make exp-9' });
  const typed = { ...elsewhere, type: 'make exp-9 SCRAPE_INTERVAL=5s' };
  assert.deepEqual(whereMeasured(typed, 'make exp-9'), typed);
});
test('where a kind of instant is missing, or there are too few, nothing is judged', () => {
  for (const instants of [[at(0, 5, 10), []], [at(0, 5)]]) {
    assert.equal(whereMeasured(measured, 'make exp-9', ...instants).kind, 'elsewhere');
  }
});
