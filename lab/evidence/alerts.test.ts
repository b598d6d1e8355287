import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Notification } from '../model/reader.ts';
import { firedAt, notified } from './alerts.ts';
import { AmbiguousError } from './samples.ts';

const alerts = (labels: Record<string, string>, ...times: number[]) => ({
  labels: { __name__: 'ALERTS', alertname: 'DiskFull', alertstate: 'firing', ...labels },
  samples: times.map((at) => [at, 1] as const),
});
const stored = [
  alerts({ instance: 'a' }, 10, 15),
  alerts({ instance: 'b' }, 15),
  alerts({ instance: 'a', alertstate: 'pending' }, 5),
  alerts({ alertname: 'DisksFull' }, 20),
  alerts({ __name__: 'ALERTS_FOR_STATE', instance: 'c' }, 10),
];

test('the evaluations at which an alert fired are those of its name, its instance and that state', () => {
  assert.deepEqual(firedAt(stored, { alertname: 'DiskFull', instance: 'a' }), [10, 15]);
  assert.deepEqual(firedAt(stored, { alertname: 'DisksFull' }), [20]);
  assert.deepEqual(firedAt(stored, { alertname: 'DiskFull', instance: 'c' }), []);
});
test('any other label tells alerts of one name apart as well', () => {
  const ofJobs = [alerts({ job: 'x' }, 10), alerts({ job: 'y' }, 15)];
  assert.deepEqual(firedAt(ofJobs, { alertname: 'DiskFull', job: 'y' }), [15]);
  assert.deepEqual(firedAt(ofJobs, { alertname: 'DiskFull', job: 'y', instance: undefined }), [15]);
});
test('a name that two instances share is not the alert of the first of them', () => {
  assert.throws(() => firedAt(stored, { alertname: 'DiskFull' }), AmbiguousError);
});
test('notifications are those of the alert, of its instance and with that status', () => {
  const said = (alertname: string, status: Notification['status'], instance: string): Notification => ({
    alertname,
    status,
    labels: { instance },
    annotations: {},
    startsAt: 1,
    endsAt: undefined,
    receivedAt: 2,
  });
  const [first, second] = [said('DiskFull', 'firing', 'a'), said('DiskFull', 'firing', 'b')];
  const inbox = [first, said('DiskFull', 'resolved', 'a'), second, said('OrdersFail', 'firing', 'a')];
  assert.deepEqual(notified(inbox, { alertname: 'DiskFull' }, 'firing'), [first, second]);
  assert.deepEqual(notified(inbox, { alertname: 'DiskFull', instance: 'b' }, 'firing'), [second]);
});
