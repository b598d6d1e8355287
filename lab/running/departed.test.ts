import assert from 'node:assert/strict';
import { test } from 'node:test';
import { departedTargets } from './departed.ts';

const first = { job: 'my_app', instance: 'exporter:8000' } as const;
const second = { job: 'my_app', instance: 'exporter:8001' } as const;
const limited = { job: 'my_app_limited', instance: 'exporter:8002' };
const member = (target: typeof first | typeof second) => ({ ...target, seed: 1, simulates: [] });

test('the exporter that is always there has not departed, whether it answers or not', () => {
  assert.deepEqual(departedTargets([first], undefined), []);
  assert.deepEqual(departedTargets([first], { fleet: [member(first)] }), []);
  assert.deepEqual(departedTargets([], { fleet: [member(first)] }), []);
});

test('what the exporter no longer simulates has departed, what it simulates has not', () => {
  const fleet = [member(first), member(second)];
  assert.deepEqual(departedTargets([first, second, limited], { fleet }), [limited]);
  assert.deepEqual(departedTargets([first, second, limited], undefined), [second, limited]);
  assert.deepEqual(departedTargets([{ ...second, job: 'my_app_native' }], { fleet }), [
    { ...second, job: 'my_app_native' },
  ]);
});
