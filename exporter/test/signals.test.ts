import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SignalName } from '../src/instance.ts';
import { corePercent } from '../src/signals/cores.ts';
import { cpuPercent, isSpike } from '../src/signals/cpu.ts';
import { memoryPercent } from '../src/signals/memory.ts';
import { requestLevel, requestsInSecond } from '../src/signals/requests.ts';

const start = 1_800_000_000;
const world = { signal: 'random', seed: 1, cores: 2, startedAt: start } as const;
const seconds = (count: number) => Array.from({ length: count }, (_, index) => start + index);
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const sampleEvery = (step: number, signal: SignalName) =>
  [0, 1, 2, 3].map((index) => cpuPercent(signal, start + index * step, 1));

test('spikes are 100 in even seconds and 0 in odd ones, held for the whole second', () => {
  assert.deepEqual(sampleEvery(1, 'spikes'), [100, 0, 100, 0]);
  assert.equal(cpuPercent('spikes', start + 0.999, 1), 100);
});

test('a scrape every 30 s sees a flat line', () => {
  assert.deepEqual(sampleEvery(30, 'spikes'), [100, 100, 100, 100]);
});

test('a scrape every 5 s sees the wave five times slower', () => {
  assert.deepEqual(sampleEvery(5, 'spikes'), [100, 0, 100, 0]);
});

test('a spike is the second in which the CPU rises over 80', () => {
  assert.deepEqual(
    [start, start + 1, start + 2].map((second) => isSpike('spikes', second, 1)),
    [true, false, true],
  );
  assert.equal(
    seconds(1000).some((second) => isSpike('high', second, 1)),
    false,
  );
});

test('random is uniform from 0 to 100: mean 50, a tenth in each tenth', () => {
  const values = seconds(20_000).map((second) => cpuPercent('random', second, 1));
  assert.ok(values.every((value) => value >= 0 && value < 100));
  assert.ok(Math.abs(mean(values) - 50) < 1);
  for (let tenth = 0; tenth < 10; tenth += 1) {
    const share = values.filter((value) => Math.floor(value / 10) === tenth).length / values.length;
    assert.ok(Math.abs(share - 0.1) < 0.01, `tenth ${tenth} holds ${share}`);
  }
});

test('high stays from 85 to 99', () => {
  const values = seconds(20_000).map((second) => cpuPercent('high', second, 1));
  assert.ok(values.every((value) => value >= 85 && value <= 99));
});

test('the same second and seed give the same value, another seed another world', () => {
  assert.equal(cpuPercent('random', start + 0.2, 7), cpuPercent('random', start + 0.9, 7));
  assert.notDeepEqual(
    seconds(10).map((second) => cpuPercent('random', second, 7)),
    seconds(10).map((second) => cpuPercent('random', second, 8)),
  );
});

test('cores do not follow each other', () => {
  const pairs = seconds(5_000).map((second) => [corePercent(1, second, 1) - 50, corePercent(2, second, 1) - 50]);
  const covariance = mean(pairs.map(([one, two]) => one! * two!));
  assert.ok(Math.abs(covariance) < 40, `covariance ${covariance} of a variance of 833`);
});

test('memory moves slowly and stays from 20 to 80', () => {
  for (const second of seconds(4_000)) {
    const value = memoryPercent(second, 1);
    assert.ok(value >= 20 && value <= 80);
    assert.ok(Math.abs(memoryPercent(second + 1, 1) - value) < 0.5);
  }
});

test('requests are whole, 4 a second in even quarter-hours and 12 in odd ones', () => {
  for (const [quarter, level] of [
    [0, 4],
    [900, 12],
  ] as const) {
    const counts = seconds(900).map((second) => requestsInSecond(world, second + quarter));
    assert.equal(requestLevel(start + quarter), level);
    assert.ok(counts.every(Number.isInteger));
    assert.ok(Math.abs(mean(counts) - level) < 0.5, `mean ${mean(counts)}`);
  }
});
