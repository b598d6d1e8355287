import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RequestError } from '../src/errors.ts';
import { parseWebhook } from '../src/webhook.ts';
import { message } from './message.ts';

const now = 1_795_466_410;

test('an alert that fires becomes one notification', () => {
  assert.deepEqual(parseWebhook(message(), now), [
    {
      alertname: 'HighCPU',
      status: 'firing',
      labels: { alertname: 'HighCPU', instance: 'exporter:8000', job: 'my_app', severity: 'warning' },
      annotations: { summary: 'CPU of exporter:8000 is high', dashboard: '/d/lab-06-alerting' },
      startsAt: 1_795_466_405.5,
      endsAt: undefined,
      receivedAt: now,
      group: '963437f138c55d82',
    },
  ]);
});

test('what one group says at one instant has one name, whatever its labels are, and another group has another', () => {
  const groupOf = (groupKey: string) => parseWebhook(message({ groupKey }), now).map(({ group }) => group);
  const long = `{}:{path="${'x'.repeat(100_000)}"}`;
  assert.deepEqual(groupOf(long), groupOf(long));
  assert.notDeepEqual(groupOf(long), groupOf(`${long} `));
  assert.equal(groupOf(long)[0]?.length, 16);
});

test('a resolved alert has an end', () => {
  const [notification] = parseWebhook(message({}, { status: 'resolved', endsAt: '2026-11-23T21:40:20+01:00' }), now);
  assert.deepEqual([notification?.status, notification?.endsAt], ['resolved', 1_795_466_420]);
});

test('a message of several alerts becomes as many notifications, in their order', () => {
  const named = (alertname: string) => message({}, { labels: { alertname } }).alerts[0];
  const names = parseWebhook(message({ alerts: [named('A'), named('B')] }), now).map(({ alertname }) => alertname);
  assert.deepEqual(names, ['A', 'B']);
});

test('hostile labels stay what they are: text', () => {
  const labels = { alertname: '<img src=x onerror=alert(1)>', ['__proto__']: 'polluted', constructor: "'; DROP" };
  const [notification] = parseWebhook(message({}, { labels }), now);
  assert.equal(notification?.alertname, labels.alertname);
  assert.equal(({} as Record<string, unknown>).polluted, undefined);
  assert.deepEqual(notification?.labels, labels);
});

test('fields that a later Alertmanager adds are left alone', () => {
  assert.equal(parseWebhook(message({ reason: 'new' }, { silencedBy: [] }), now).length, 1);
});

const one = (labels: Record<string, string>, annotations: Record<string, string> = {}) =>
  parseWebhook(message({}, { labels, annotations }), now)[0]!;

test('an alert without a name is received: Alertmanager takes alerts from others than Prometheus', () => {
  assert.equal(one({ severity: 'warning' }).alertname, '');
  assert.equal(one({ alertname: '' }).alertname, '');
});

test('a whole notification says nothing of what is left out', () => {
  assert.equal('leftOut' in one({ alertname: 'A', long: 'x'.repeat(8_192) }), false);
});

test('a text over 8192 characters is cut, and the notification says so', () => {
  const { labels, annotations, leftOut } = one({ core: 'x'.repeat(8_193) }, { summary: 'y'.repeat(10_000) });
  assert.deepEqual([labels.core, annotations.summary], [`${'x'.repeat(8_192)}…`, `${'y'.repeat(8_192)}…`]);
  assert.deepEqual(leftOut, ['1 character of core', '1808 characters of summary']);
});

test('a name over 256 characters is cut', () => {
  const { labels, leftOut } = one({ ['n'.repeat(300)]: 'x' });
  assert.deepEqual(labels, { [`${'n'.repeat(256)}…`]: 'x' });
  assert.deepEqual(leftOut, ['44 characters of a name']);
});

test('of over 100 labels or annotations 100 are kept', () => {
  const { labels, leftOut } = one(many(104));
  assert.equal(Object.keys(labels).length, 100);
  assert.deepEqual(leftOut, ['4 of 104 labels']);
  assert.deepEqual(one({}, many(101)).leftOut, ['1 of 101 annotations']);
});

test('of over 500 alerts 500 are kept, and the last one says how many there are besides', () => {
  const { alerts } = message();
  const kept = parseWebhook(message({ alerts: Array(512).fill(alerts[0]) }), now);
  assert.equal(kept.length, 500);
  assert.deepEqual(
    kept.flatMap(({ leftOut }, index) => (leftOut ? [[index, leftOut]] : [])),
    [[499, ['12 more of the same message']]],
  );
});

test('what Alertmanager itself left out is said, too', () => {
  assert.deepEqual(parseWebhook(message({ truncatedAlerts: 7 }), now)[0]?.leftOut, ['7 more of the same message']);
});

const many = (length: number) => Object.fromEntries(Array.from({ length }, (_, index) => [`label${index}`, '']));
/** Deeper than the stack. */
const nested = JSON.parse('['.repeat(40_000) + ']'.repeat(40_000));
const time = 'be a time such as 2026-11-23T20:40:00Z, got';
const label = (labels: unknown) => message({}, { labels });

const bad: [body: unknown, sentence: string][] = [
  [undefined, 'the body must be an object, got nothing'],
  [null, 'the body must be an object, got null'],
  ['firing', 'the body must be an object, got "firing"'],
  [[message()], 'the body must be an object, got [{"receiver":"guide","status":"firing","alerts":[{"status":"…'],
  [{}, 'version must be "4", got nothing'],
  [message({ version: 4 }), 'version must be "4", got 4'],
  [message({ version: '3' }), 'version must be "4", got "3"'],
  [message({ status: 'pending' }), 'status must be "firing" or "resolved", got "pending"'],
  [message({ receiver: '' }), 'receiver must be a text that is not empty, got ""'],
  [message({ groupKey: undefined }), 'groupKey must be a text that is not empty, got nothing'],
  [message({ groupLabels: null }), 'groupLabels must be an object, got null'],
  [message({ commonLabels: { job: 1 } }), 'commonLabels.job must be a text, got 1'],
  [message({ commonAnnotations: [] }), 'commonAnnotations must be an object, got []'],
  [message({ alerts: undefined }), 'alerts must be a list, got nothing'],
  [message({ alerts: {} }), 'alerts must be a list, got {}'],
  [message({ alerts: [] }), 'alerts must hold at least one alert, got []'],
  [message({ truncatedAlerts: -1 }), 'truncatedAlerts must be a count, got -1'],
  [message({ truncatedAlerts: '3' }), 'truncatedAlerts must be a count, got "3"'],
  [label({ ['x'.repeat(300)]: 1 }), `alerts[0].labels["${'x'.repeat(60)}…"] must be a text, got 1`],
  [message({ alerts: ['HighCPU'] }), 'alerts[0] must be an object, got "HighCPU"'],
  [message({ alerts: [...message().alerts, {}] }), 'alerts[1].status must be "firing" or "resolved", got nothing'],
  [label(undefined), 'alerts[0].labels must be an object, got nothing'],
  [label({ alertname: 'A', core: 1 }), 'alerts[0].labels.core must be a text, got 1'],
  [label({ alertname: 'A', 'a\nb': 1 }), 'alerts[0].labels["a\\nb"] must be a text, got 1'],
  [message({ groupLabels: nested }), 'groupLabels must be an object, got [[[["…"]]]]'],
  [label({ alertname: 'A', core: null }), 'alerts[0].labels.core must be a text, got null'],
  [message({}, { annotations: 'high' }), 'alerts[0].annotations must be an object, got "high"'],
  [message({}, { annotations: { summary: ['a'] } }), 'alerts[0].annotations.summary must be a text, got ["a"]'],
  [message({}, { startsAt: 1_795_466_405 }), `alerts[0].startsAt must ${time} 1795466405`],
  [message({}, { startsAt: 'yesterday' }), `alerts[0].startsAt must ${time} "yesterday"`],
  [message({}, { startsAt: '2026-13-40T00:00:00Z' }), `alerts[0].startsAt must ${time} "2026-13-40T00:00:00Z"`],
  [
    message({}, { startsAt: '0001-01-01T00:00:00Z' }),
    'alerts[0].startsAt must be a time after 1970, got "0001-01-01T00:00:00Z"',
  ],
  [message({}, { endsAt: '' }), `alerts[0].endsAt must ${time} ""`],
  [
    message({}, { status: 'resolved' }),
    'alerts[0].endsAt must be the time at which the alert was resolved, got "0001-01-01T00:00:00Z"',
  ],
];
for (const [body, sentence] of bad) {
  test(`refused: ${sentence}`, () => {
    assert.throws(
      () => parseWebhook(body, now),
      (error) => error instanceof RequestError && error.message === sentence && error.status === 400,
    );
  });
}
