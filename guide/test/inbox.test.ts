import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Notification } from '../../lab/model/reader.ts';
import { createInbox } from '../src/inbox.ts';

const received = (receivedAt: number): Notification => ({
  alertname: 'HighCPU',
  status: 'firing',
  labels: { alertname: 'HighCPU' },
  annotations: {},
  startsAt: receivedAt - 3,
  endsAt: undefined,
  receivedAt,
});

const times = (notifications: Notification[]) => notifications.map(({ receivedAt }) => receivedAt);

test('a new inbox is empty', () => {
  assert.deepEqual(createInbox().list(), []);
});

test('the newest comes first, the last alert of one message before its first', () => {
  const inbox = createInbox();
  inbox.add([received(1), received(2)]);
  inbox.add([received(3)]);
  assert.deepEqual(times(inbox.list()), [3, 2, 1]);
});

test('500 are kept, and the oldest go first', () => {
  const inbox = createInbox();
  for (let at = 1; at <= 501; at += 1) inbox.add([received(at)]);
  assert.equal(inbox.list().length, 500);
  assert.deepEqual([inbox.list()[0]?.receivedAt, inbox.list().at(-1)?.receivedAt], [501, 2]);
});

test('one message larger than the inbox leaves its newest', () => {
  const inbox = createInbox(3);
  inbox.add([1, 2, 3, 4, 5].map(received));
  assert.deepEqual(times(inbox.list()), [5, 4, 3]);
});

test('large ones do not fill the memory: fewer are kept', () => {
  const inbox = createInbox(500, 1_000);
  const large = (at: number) => ({ ...received(at), annotations: { text: 'x'.repeat(400) } });
  inbox.add([large(1), large(2), large(3)]);
  assert.deepEqual(times(inbox.list()), [3, 2]);
});
