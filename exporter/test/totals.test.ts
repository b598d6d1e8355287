import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runningTotals, totalsBetween } from '../src/totals.ts';
import type { World } from '../src/world.ts';

const start = 1_800_000_000;
const world = (signal: World['signal']): World => ({ signal, seed: 1, cores: 2, startedAt: start });

test('ninety seconds of the spike wave hold 45 spikes and 45 busy seconds', () => {
  const { spikes, busySeconds } = totalsBetween(world('spikes'), start, start + 90);
  assert.deepEqual([spikes, busySeconds], [45, 45]);
});

test('counters read often or rarely come to the same totals', () => {
  const often = runningTotals(world('random'), start);
  for (let second = 0; second <= 300; second += 0.7) often(start + second);
  assert.deepEqual(often(start + 300).requests, totalsBetween(world('random'), start, start + 300).requests);
  assert.equal(often(start + 300).spikes, totalsBetween(world('random'), start, start + 300).spikes);
});

test('a counter never falls, even when the clock steps back', () => {
  const totals = runningTotals(world('random'), start);
  const before = totals(start + 100);
  assert.deepEqual(totals(start + 40), before);
  assert.deepEqual(totals(start + 100.9), before);
  assert.ok(totals(start + 110).requests > before.requests);
});

test('nothing is counted in the second that has not passed yet', () => {
  assert.deepEqual(runningTotals(world('high'), start)(start + 0.99), { requests: 0, spikes: 0, busySeconds: 0 });
});
