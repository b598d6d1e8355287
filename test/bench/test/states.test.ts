import assert from 'node:assert/strict';
import { test } from 'node:test';
import { overBase } from '../states.ts';

const state = (step: string, exporterMegabytes: number, prometheusMegabytes: number) => ({
  step,
  exporterMegabytes,
  prometheusMegabytes,
  checkSeconds: 1,
  scrapeMilliseconds: 1,
});

test('over the base: exporter and Prometheus together, in whole MB', () => {
  const measured = [state('up', 80, 60), state('exp-9', 86.4, 62), state('exp-1', 0, 59)];
  assert.deepEqual(overBase(measured), { 'exp-9': 8, 'exp-1': -81 });
});
