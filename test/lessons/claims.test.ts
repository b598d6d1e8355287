import assert from 'node:assert/strict';
import { test } from 'node:test';
import { experiments } from '../../experiments/catalogue.ts';
import { corePercent } from '../../exporter/src/signals/cores.ts';
import { cpuPercent } from '../../exporter/src/signals/cpu.ts';
import { memoryPercent } from '../../exporter/src/signals/memory.ts';
import { requestLevel, requestsInSecond } from '../../exporter/src/signals/requests.ts';
import type { World } from '../../exporter/src/world.ts';
import { start } from '../../grafana/src/start.ts';
import { deviation, mean } from '../../lab/evidence/samples.ts';
import { increase, rate } from '../../lab/promql/extrapolation.ts';
import type { Sample } from '../../lab/promql/sample.ts';

/** What titles and descriptions of panels claim with a number or an order, at any minute and with any seed. */
const written = JSON.stringify([start, ...experiments]);
const claims = (text: string): void => assert.ok(written.includes(text), `no panel claims "${text}" any more`);

const begin = 1_700_000_000;
const day = 86_400;
const seeds = [1, 2, 7];

const world = (seed: number): World => ({ signal: 'random', seed, cores: 2, startedAt: begin });

/** The counter of requests as a scrape finds it: every 5 s, at any phase. */
const requestSamples = (seed: number, seconds: number, phase: number): Sample[] => {
  const samples: Sample[] = [];
  let total = 0;
  for (let second = 0; second < seconds; second += 1) {
    if (second % 5 === 0) samples.push([begin + second + phase, total] as const);
    total += requestsInSecond(world(seed), begin + second);
  }
  return samples;
};

test('memory moves by 2 points in 5 s at most', () => {
  claims('Memory moves slowly: by 2 points in 5 s at most');
  for (const seed of seeds)
    for (let at = begin; at < begin + day; at += 1)
      assert.ok(Math.abs(memoryPercent(at + 5, seed) - memoryPercent(at, seed)) <= 2, `${seed}, ${at}`);
});

test('traffic has a new level each quarter of an hour', () => {
  claims('Requests per second: a new level each quarter of an hour');
  for (let at = begin; at < begin + day; at += 60) assert.notEqual(requestLevel(at), requestLevel(at + 900));
});

test('one more sample moves the average of six by 17 points at most', () => {
  claims('one more moves it by 17 points at most');
  for (const seed of seeds)
    for (let at = begin; at < begin + day; at += 5)
      assert.ok(Math.abs(cpuPercent('random', at, seed) - cpuPercent('random', at - 30, seed)) / 6 <= 17);
});

test('the shorter the window, the noisier: at every 5 s of six hours', () => {
  claims('Noise: the shorter the window, the noisier');
  const windows = [10, 60, 600];
  const count = 60;
  for (const seed of seeds) {
    const samples = requestSamples(seed, day / 4, 2.3);
    const changes = windows.map((window) => {
      const rates = samples.slice(130).map(([at], index) => rate(samples.slice(index, index + 131), at + 1, window)!);
      return rates.slice(1).map((value, index) => value - rates[index]!);
    });
    const noise = changes.map((all) => all.slice(count).map((_, index) => deviation(all.slice(index, index + count))));
    noise[0]!.forEach((shortest, index) => {
      const [, middle, longest] = noise.map((values) => values[index]!);
      assert.ok(
        shortest > middle! && middle! > longest!,
        `seed ${seed}, ${5 * index} s: ${shortest}, ${middle}, ${longest}`,
      );
    });
  }
});

test('half of a step is there after half of a window, all of it after the whole', () => {
  claims('shows half of a step after w / 2 and all of it after w');
  const quarter = 900;
  const firstStep = Math.ceil(begin / quarter) * quarter;
  for (const window of [60, 600]) {
    const shares = { half: [] as number[], whole: [] as number[] };
    for (const seed of seeds) {
      const samples = requestSamples(seed, day, 2.3);
      for (let step = firstStep + quarter; step < begin + day - quarter; step += quarter) {
        const [before, after] = [requestLevel(step - 1), requestLevel(step)];
        const near = samples.filter(([at]) => at > step - 700 && at <= step + 700);
        const shareAt = (at: number) => (rate(near, at, window)! - before) / (after - before);
        shares.half.push(shareAt(step + window / 2));
        shares.whole.push(shareAt(step + window));
      }
    }
    assert.ok(Math.abs(mean(shares.half) - 0.5) < 0.06, `[${window}s] ${mean(shares.half)} after half of it`);
    assert.ok(Math.abs(mean(shares.whole) - 1) < 0.06, `[${window}s] ${mean(shares.whole)} after all of it`);
  }
});

test('two cores add up to over 100 % about half of the time, their average never', () => {
  claims('With two cores the sum is over 100 % about half of the time; the average never is');
  for (const seed of seeds) {
    const sums = Array.from(
      { length: 20_000 },
      (_, at) => corePercent(1, begin + at, seed) + corePercent(2, begin + at, seed),
    );
    const share = sums.filter((sum) => sum > 100).length / sums.length;
    assert.ok(Math.abs(share - 0.5) < 0.02, `${share}`);
    assert.ok(Math.max(...sums) / 2 < 100);
  }
});

test('an increase in a minute is rarely a whole number', () => {
  claims('How many in a minute: rarely a whole number');
  const samples = requestSamples(1, 7_200, 2.3);
  const increases = samples.slice(12).map(([at], index) => increase(samples.slice(index, index + 13), at + 1, 60)!);
  const whole = increases.filter((value) => Math.abs(value - Math.round(value)) < 1e-9).length;
  assert.ok(whole / increases.length < 0.15, `${whole} of ${increases.length}`);
});

test('in two minutes the counter counts 60 spikes and the samples none, at any phase of a scrape every 30 s', () => {
  claims('spikes that happened');
  for (let phase = 0; phase < 30; phase += 0.7) {
    const instants = Array.from({ length: 20 }, (_, index) => begin + phase + 30 * index);
    const counter: Sample[] = instants.map((at) => [at, 100_000 + Math.floor(Math.floor(at) / 2)] as const);
    for (let at = instants[6]!; at < instants[8]!; at += 1)
      assert.ok(Math.abs(increase(counter, at, 120)! - 60) < 1e-9, `${phase}, ${at}`);
    assert.equal(new Set(instants.map((at) => cpuPercent('spikes', at, 1))).size, 1);
  }
});
