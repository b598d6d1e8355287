import assert from 'node:assert/strict';
import { test } from 'node:test';
import { busySecondsOf, spikesOf } from '../src/signals/cpu.ts';
import { requestsOf } from '../src/signals/requests.ts';
import { tally } from '../src/tally.ts';
import { totalsBetween } from '../src/truth.ts';
import type { World } from '../src/world.ts';

const start = 1_800_000_000;
const world = (signal: World['signal']): World => ({ signal, seed: 1, cores: 2, startedAt: start });

test('ninety seconds of the spike wave hold 45 spikes and 45 busy seconds', () => {
  const { spikes, busySeconds } = totalsBetween(world('spikes'), start, start + 90);
  assert.deepEqual([spikes, busySeconds], [45, 45]);
});

test('counters read often, rarely or backwards come to the same totals', () => {
  for (const counter of [requestsOf, spikesOf, busySecondsOf]) {
    const often = counter(world('random'));
    for (let second = 0; second <= 2_000; second += 0.7) often(start + second);
    for (const second of [2_000, 1_999, 600, 301, 300, 299, 1, 0, 2_500]) {
      assert.equal(often(start + second), counter(world('random'))(start + second), `after ${second} s`);
    }
  }
  assert.equal(requestsOf(world('random'))(start + 300), totalsBetween(world('random'), start, start + 300).requests);
});

test('nothing is counted in the second that has not passed yet, and nothing before the start', () => {
  const seconds = tally(start, () => 1);
  assert.deepEqual(
    [-5, 0, 0.99, 1, 299.5, 300, 301.2, 2].map((since) => seconds(start + since)),
    [0, 0, 0, 1, 299, 300, 301, 2],
  );
});
