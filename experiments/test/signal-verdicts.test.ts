import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Measured as Alerting, verdict as alerting, follow } from '../06-alerting/verdict.ts';
import type { Notification } from '../types.ts';
import { every, failsOnly, holds, said, sendsTo, waits } from './verdicts.ts';

const start = 1_800_000_000;

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
  waits(alerting({ ...high, now: start + 400 }), 10, /PENDING/);
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
  waits(alerting({ ...high, pending: [], activeAt: [], firing: [] }), 10, /PENDING/);
  waits(alerting({ ...high, now: start + 9, activeAt: high.activeAt.slice(0, 2), firing: [] }), 9.4, /FIRING/);
  waits(
    alerting({ ...high, now: start + 15, firing: every(5, start + 13, [1]), notifications: [] }),
    2,
    /the notification/,
  );
  waits(alerting({ ...over, now: start + 39 }), 10, /resolved/);
  waits(alerting({ ...over, now: start + 52, notifications: high.notifications }), 2, /resolution/);
});
test('alerting: a lab that never had a high CPU is sent to exp-6', () => {
  sendsTo(alerting({ ...high, signal: 'random', pending: [], firing: [] }));
});
