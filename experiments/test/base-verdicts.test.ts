import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Measured as Counters, verdict as counters, latestUnbroken } from '../02-counters/verdict.ts';
import { type Measured as Labels, verdict as labels } from '../03-labels/verdict.ts';
import { type Measured as Aggregation, verdict as aggregation } from '../04-aggregation/verdict.ts';
import { lagSeconds, latestStep, type Measured as Windows, verdict as windows } from '../07-windows/verdict.ts';
import { every, failsOnly, holds, said, sendsTo, truthOf, waits } from './verdicts.ts';

const start = 1_800_000_000;
const ramp = Array.from({ length: 13 }, (_, index) => 20 * index);

const counted: Counters = {
  scrapeSeconds: 5,
  now: start + 61,
  counter: every(5, start, ramp),
  resets: 0,
  restarts: 0,
  windowSeconds: 60,
  window: '1m',
  at: start + 60,
  rate: 4,
  seen: {
    from: start,
    to: start + 60,
    truth: truthOf({ totals: { requests: 240, spikes: 0, busySeconds: 0 } }),
  },
};

test('counters: a rate that matches the arrivals holds', () => holds(counters(counted)));

test('counters: a rate that is a quarter off fails, and says by how much', () => {
  failsOnly(counters({ ...counted, rate: 3 }), /25 % off/);
});

test('counters: a fall at a restart is right, a fall without one is not', () => {
  const counter = every(5, start, [100, 120, 4, 24]);
  holds(counters({ ...counted, counter, resets: 1, restarts: 1 }));
  failsOnly(counters({ ...counted, counter, resets: 1, restarts: 0 }), /fell 1 time .* restarted 0 times/);
});

test('counters: too little seen waits for the rest of the window', () => {
  const verdict = counters({ ...counted, counter: every(5, start + 40, [1, 2, 3]), at: undefined, seen: undefined });
  waits(verdict, /1m of unbroken samples/);
});

test('counters: the latest unbroken minute lies before a gap', () => {
  const samples = [...every(5, start, ramp), ...every(5, start + 90, [300, 310])];
  assert.equal(latestUnbroken(samples, 60, 5), start + 60);
  assert.equal(latestUnbroken(every(5, start, [1, 2]), 60, 5), undefined);
});

const core = (name: string, value: number) => ({ labels: { core: name }, samples: [[start, value] as const] });
const labelled: Labels = {
  at: start,
  parts: [core('core1', 30), core('core2', 50)],
  average: 40,
  sum: 80,
  core1: 30,
  cores: 2,
};

test('labels: parts, average, sum and matcher agree', () => holds(labels(labelled)));
test('labels: a core without a series fails', () =>
  failsOnly(labels({ ...labelled, cores: 3 }), /2 cores, one series/));
test('labels: an average that is not the mean fails', () => failsOnly(labels({ ...labelled, average: 41 }), /avg/));
test('labels: a sum that is not the total fails', () => failsOnly(labels({ ...labelled, sum: 90 }), /sum/));
test('labels: a matcher that picks another core fails', () => failsOnly(labels({ ...labelled, core1: 50 }), /core1/));
test('labels: nothing stored yet waits', () => waits(labels({ ...labelled, parts: [] }), /first samples/));

const added: Aggregation = {
  scrapeSeconds: 5,
  windowSeconds: 300,
  cores: 2,
  sums: Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? 130 : 70)),
  averages: Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? 65 : 35)),
};

test('aggregation: the share of impossible instants is measured', () => {
  holds(aggregation(added));
  assert.match(said(aggregation(added))[0]!, /over 100 % in 50 % of 20 instants, up to 130 %/);
});
test('aggregation: a sum that never exceeds 100 fails', () => {
  failsOnly(aggregation({ ...added, sums: added.sums.map(() => 90) }), /sum\(\) is over 100 % in 0 %/);
});
test('aggregation: an average over 100 fails', () => {
  failsOnly(aggregation({ ...added, averages: [...added.averages, 101] }), /avg\(\) never is/);
});
test('aggregation: one core cannot show it', () => sendsTo(aggregation({ ...added, cores: 1 }), 'make up CORES=2'));
test('aggregation: three instants are too few', () => waits(aggregation({ ...added, sums: [1, 2, 3] }), /20 instants/));

const step = 1_800_000_000;
const line = (window: string, seconds: number, delay: number, wobble: number) => ({
  window,
  seconds,
  rate: every(
    5,
    step - 100,
    Array.from({ length: 199 }, (_, index) => {
      const sinceStep = index * 5 - 100;
      const level = sinceStep < 0 ? 4 : 4 + 8 * Math.min(1, sinceStep / (delay / 0.9));
      return level + (index % 2 === 0 ? wobble : -wobble);
    }),
  ),
});
const stepped: Windows = {
  now: step + 1000,
  scrapeSeconds: 5,
  step,
  lines: [line('10s', 10, 9, 0.5), line('1m', 60, 54, 0.2), line('10m', 600, 540, 0.05)],
  before: truthOf({ requestsPerSecond: [4, 4, 4] }),
  after: truthOf({ requestsPerSecond: [12, 12, 12] }),
  oneIntervalSeries: 0,
};

test('windows: the longer the window, the calmer and the later', () => {
  holds(windows(stepped));
  const claims = said(windows(stepped));
  assert.match(claims[1]!, /^\[10s\] follows it after (5|10) s and wavers by ±0.5\/s$/);
  assert.match(claims[3]!, /^\[10m\] follows it after 5[34]\d s and wavers by ±0.05\/s$/);
});
test('windows: a long window that is noisier than a short one fails', () => {
  const lines = [stepped.lines[0]!, stepped.lines[1]!, line('10m', 600, 540, 0.4)];
  failsOnly(windows({ ...stepped, lines }), /\[10m\]/);
});
test('windows: a window that never follows fails', () => {
  const lines = [stepped.lines[0]!, line('1m', 60, 9_000, 0.2), stepped.lines[2]!];
  failsOnly(windows({ ...stepped, lines }), /\[1m\] follows it after never/);
});
test('windows: a rate over one scrape interval that returns something fails', () => {
  failsOnly(windows({ ...stepped, oneIntervalSeries: 1 }), /returns 1 series/);
});
test('windows: at a scrape every 30 s [10s] returns nothing, and that holds', () => {
  const lines = [{ ...stepped.lines[0]!, rate: [] }, stepped.lines[1]!, stepped.lines[2]!];
  const verdict = windows({ ...stepped, scrapeSeconds: 30, lines });
  holds(verdict);
  assert.match(said(verdict)[1]!, /^\[10s\] returns nothing at a scrape every 30 s$/);
});
test('windows: without a stored step it waits for the next one', () => {
  waits(windows({ ...stepped, step: undefined, before: undefined, after: undefined }), /a whole step/);
});
test('windows: the lag of a step down is measured too', () => {
  assert.equal(lagSeconds(every(5, step, [12, 8, 4.7, 4]), step, 12, 4), 10);
  assert.equal(lagSeconds(every(5, step, [12, 8]), step, 12, 4), undefined);
});
test('windows: a step with a gap after it is passed over for an older one', () => {
  const hour = every(
    5,
    step - 3_600,
    Array.from({ length: 720 }, (_, index) => index),
  );
  assert.equal(latestStep(hour, step, 5), step - 900);
  const broken = hour.filter(([at]) => at < step - 600 || at > step - 500);
  assert.equal(latestStep(broken, step, 5), step - 1_800);
});
