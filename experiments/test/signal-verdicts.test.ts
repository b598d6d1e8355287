import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check as checkSampling, type Measured as Sampling, verdict as sampling } from '../05-sampling/verdict.ts';
import { type Measured as Alerting, verdict as alerting, follow } from '../06-alerting/verdict.ts';
import type { Lab, Notification, Reader } from '../types.ts';
import { every, failsOnly, holds, said, sendsTo, truthOf, waits } from './verdicts.ts';

const start = 1_800_000_000;

/** What the checks measure of the spike wave, scraped every `scrapeSeconds` at the given phase of a second. */
const wave = (scrapeSeconds: number, scrapes: number, phase = 0.4): Sampling => {
  const from = start + phase;
  const times = Array.from({ length: scrapes }, (_, index) => from + index * scrapeSeconds);
  const to = times.at(-1)!;
  const happened = Math.floor((Math.floor(to) - Math.floor(from) + 1) / 2);
  return {
    signal: 'spikes',
    scrapeSeconds,
    now: to + 1,
    gauge: times.map((at) => [at, Math.floor(at) % 2 === 0 ? 100 : 0]),
    spikes: times.map((at) => [at, Math.floor((Math.floor(at) - start + 1) / 2)]),
    busy: times.map((at) => [at, (Math.floor(at) - start) / 2]),
    durations: times.map((at) => [at, 0.004]),
    busyRate: 50,
    truth: truthOf({
      cpuPercent: Array.from({ length: Math.floor(to) - Math.floor(from) + 1 }, (_, at) => (at % 2 === 0 ? 100 : 0)),
      totals: { requests: 0, spikes: happened, busySeconds: 0 },
    }),
    shortRateSeries: 0,
  };
};

test('sampling: at 30 s the wave is a flat line at 100, or at 0, by the phase of the scrape', () => {
  holds(sampling(wave(30, 4)));
  assert.match(said(sampling(wave(30, 4)))[1]!, /could tell 0 of them: 4 samples stored, all 100/);
  holds(sampling(wave(30, 4, 1.4)));
  assert.match(said(sampling(wave(30, 4, 1.4)))[1]!, /4 samples stored, all 0/);
});
test('sampling: a scrape on the edge of a second may show a mixture, and the claims still hold', () => {
  const measured = wave(30, 4, 0.98);
  const [first, ...rest] = measured.gauge;
  holds(sampling({ ...measured, gauge: [[first![0], 0], ...rest] }));
});
test('sampling: a slow answer may show the next second, a quick one may not', () => {
  const measured = wave(30, 4, 0.7);
  const gauge = measured.gauge.map(([at, value], index) => [at, index === 1 ? 0 : value] as const);
  holds(sampling({ ...measured, gauge, durations: measured.gauge.map(([at]) => [at, 0.4]) }));
  failsOnly(sampling({ ...measured, gauge }), /no sample is wrong: 3 of 4/);
});
test('sampling: at 5 s the wave looks five times slower', () => {
  const verdict = sampling(wave(5, 19));
  holds(verdict);
  const claims = said(verdict);
  assert.match(claims[1]!, /could tell 9 of them/);
  assert.match(claims[3]!, /looks like a wave of 10 s, 5 times slower/);
});
test('sampling: at 1 s every spike is met', () => {
  const verdict = sampling(wave(1, 61));
  holds(verdict);
  assert.match(said(verdict)[3]!, /every spike is met/);
});
test('sampling: a stored value that never was fails', () => {
  const measured = wave(30, 4);
  const gauge = measured.gauge.map(([at, value], index) => [at, index === 2 ? 42 : value] as const);
  failsOnly(sampling({ ...measured, gauge }), /no sample is wrong: 3 of 4/);
});
test('sampling: a counter that missed spikes fails', () => {
  const measured = wave(30, 4);
  failsOnly(sampling({ ...measured, spikes: every(30, start, [0, 1, 2, 3]) }), /the exporter counted 3/);
});
test('sampling: a busy counter far from the truth fails', () => {
  failsOnly(sampling({ ...wave(30, 4), busy: every(30, start, [0, 1, 2, 3]) }), /a counter loses nothing/);
});
test('sampling: irregular scrapes fail the phase claim', () => {
  const measured = wave(30, 4);
  const gauge = measured.gauge.map(([at, value], index) => [index === 3 ? at + 2 : at, value] as const);
  failsOnly(sampling({ ...measured, gauge }), /multiple of the 2 s wave/);
});
test('sampling: a short rate that returns something at 30 s fails', () => {
  failsOnly(sampling({ ...wave(30, 4), shortRateSeries: 1 }), /returns 1 series/);
});
test('sampling: two samples are too few at 30 s', () => {
  waits(sampling(wave(30, 2)), /60 s of samples/);
  waits(sampling({ ...wave(30, 1), truth: undefined }), /60 s of samples/);
});
test('sampling: another signal is sent to exp-5', () => {
  sendsTo(sampling({ ...wave(30, 4), signal: 'random' }));
});

test('sampling: the last sample that the Prometheus of before took of the new signal does not count', async () => {
  const lab: Lab = {
    now: start + 65,
    scrapeSeconds: 30,
    evaluationSeconds: 5,
    prometheusStartedAt: start + 3,
    exporter: { signal: 'spikes', seed: 1, startedAt: start + 1, cores: 2 },
    target: undefined,
  };
  const stored = [[start + 2, 100] as const, ...every(30, start + 4, [100, 100, 100])];
  const truth = truthOf({
    cpuPercent: Array.from({ length: 61 }, (_, at) => (at % 2 === 0 ? 100 : 0)),
    totals: { requests: 0, spikes: 30, busySeconds: 30 },
  });
  const read = {
    samples: async (selector: string, windowSeconds: number, at: number) => [
      {
        labels: {},
        samples: stored
          .filter(([time]) => time > at - windowSeconds)
          .map(([time, value]) => [time, selector.endsWith('_total') ? (time - start) / 2 : value] as const),
      },
    ],
    query: async () => [],
    truth: async () => truth,
  } as Partial<Reader> as Reader;
  const verdict = await checkSampling(read, lab);
  holds(verdict);
  assert.match(said(verdict)[1]!, /3 samples stored/);
});

const notification = (status: Notification['status'], receivedAt: number): Notification => ({
  alertname: 'HighCPU',
  status,
  labels: {},
  annotations: {},
  startsAt: start,
  endsAt: undefined,
  receivedAt,
});
const high: Alerting = {
  now: start + 40,
  signal: 'high',
  prometheusStartedAt: start - 600,
  scrapeSeconds: 5,
  evaluationSeconds: 5,
  forSeconds: 10,
  gauge: [[start - 5, 30], ...every(5, start, [90, 91, 92, 93, 94, 95, 96, 97])],
  pending: every(5, start + 3.4, [1, 1]),
  activeAt: every(5, start + 3.4, Array(8).fill(start + 3)),
  firing: every(5, start + 13.4, [1, 1, 1, 1, 1]),
  notifications: [notification('firing', start + 15.6)],
};
const over: Alerting = {
  ...high,
  now: start + 60,
  signal: 'random',
  gauge: [...high.gauge, [start + 42, 10]],
  notifications: [notification('firing', start + 15.6), notification('resolved', start + 41)],
};

test('alerting: the whole way from the sample to the notification is split', () => {
  holds(alerting(high));
  const claims = said(alerting(high));
  assert.match(claims[3]!, /16 s = evaluation 3.4 s \+ for 10 s \+ grouping 2.2 s/);
});
test('alerting: after the undo the resolution and its notification are measured', () => {
  holds(alerting(over));
  assert.deepEqual(follow(over), {
    over: start,
    pending: start + 3.4,
    firing: start + 13.4,
    notified: start + 15.6,
    resolved: start + 38.4,
    resolutionNotified: start + 41,
  });
});
test('alerting: a Prometheus that has just started stores no state at first, and the stored start tells it', () => {
  const verdict = alerting({ ...high, prometheusStartedAt: start - 4, pending: [], activeAt: high.activeAt.slice(2) });
  holds(verdict);
  assert.match(said(verdict)[0]!, /3 s, can be 0 s to 5 s/);
});
test('alerting: a condition that came and went before does not lengthen the wait', () => {
  const pending = [[start - 12, 1] as const, ...high.pending];
  holds(alerting({ ...high, pending, activeAt: [[start - 12, start - 12], ...high.activeAt] }));
});
test('alerting: a new pending of the random CPU does not hide the alert that fired', () => {
  holds(alerting({ ...over, pending: [...over.pending, [start + 58, 1]] }));
});
test('alerting: while the CPU is high an alert of earlier does not stand in for the one to come', () => {
  waits(alerting({ ...high, now: start + 400 }), /PENDING/);
});
test('alerting: an alert from before Prometheus restarted is not judged', () => {
  sendsTo(alerting({ ...over, prometheusStartedAt: start + 50 }));
});
test('alerting: where nothing receives notifications the alert itself is still measured', () => {
  const verdict = alerting({ ...over, notifications: undefined });
  holds(verdict);
  assert.equal(said(verdict).length, 3);
});
test('alerting: firing before `for` is over fails', () => {
  const early = { ...high, pending: every(5, start + 3, [1]), firing: every(5, start + 8, [1, 1, 1, 1, 1, 1]) };
  failsOnly(alerting({ ...early, notifications: [notification('firing', start + 10.2)] }), /PENDING → FIRING/);
});
test('alerting: a notification that never came fails', () => {
  failsOnly(alerting({ ...high, notifications: [] }), /FIRING → notified/);
});
test('alerting: a resolution that was never sent fails', () => {
  failsOnly(alerting({ ...over, now: start + 90, notifications: high.notifications }), /resolution notified/);
});
test('alerting: each stage is waited for', () => {
  waits(alerting({ ...high, pending: [], activeAt: [], firing: [] }), /PENDING/);
  waits(alerting({ ...high, now: start + 9, activeAt: high.activeAt.slice(0, 2), firing: [] }), /FIRING/);
  waits(
    alerting({ ...high, now: start + 15, firing: every(5, start + 13, [1]), notifications: [] }),
    /the notification/,
  );
  waits(alerting({ ...over, now: start + 39 }), /resolved/);
  waits(alerting({ ...over, now: start + 52, notifications: high.notifications }), /resolution/);
});
test('alerting: a lab that never had a high CPU is sent to exp-6', () => {
  sendsTo(alerting({ ...high, signal: 'random', pending: [], firing: [] }));
});
