import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Dispatcher } from './dispatcher.ts';
import { parseMatcher } from './matcher.ts';
import type { Grouping, InhibitRule, Muting } from './routing.ts';

const matchers = (...texts: string[]) => texts.map((text) => parseMatcher(text)!);
const inhibition: InhibitRule = {
  source: matchers('alertname=Switch'),
  target: matchers('alertname=Host'),
  equal: ['rack'],
};

type Alert = [name: string, host: string, from: number, to: number, rack?: string];

/** What is sent of alerts, each as `time status×alerts`. */
const sentOf = (
  alerts: Alert[],
  grouping: Partial<Grouping>,
  { rules = [] as InhibitRule[], silences = [] as Muting[] } = {},
): string[] => {
  const base = { groupBy: ['alertname'], waitSeconds: 3, intervalSeconds: 5, ...grouping };
  const dispatcher = new Dispatcher({ base, routes: [], inhibitRules: rules }, silences);
  for (const [alertname, host, startsAt, endsAt, rack = 'a'] of alerts) {
    const labels: Record<string, string> = { alertname, rack, ...(host !== '' && { host }) };
    const episode = { labels, startsAt, endsAt };
    dispatcher.add(episode, false, startsAt);
    dispatcher.add(episode, true, endsAt);
  }
  dispatcher.advance(100);
  return dispatcher.sent.map(({ at, alerts: each }) => {
    const of = (status: string) =>
      each.filter((alert) => alert.status === status).map(({ labels }) => labels.alertname);
    return `${at} ${of('firing').join()}|${of('resolved').join()}`;
  });
};
const hosts: Alert[] = [
  ['Host', '1', 10, 30],
  ['Host', '2', 10, 30],
];
const ofSwitch = (from: number): Alert => ['Switch', '', from, 30];

test('a group waits, says all its alerts at once, and what has changed at its next interval', () => {
  assert.deepEqual(sentOf(hosts, {}), ['13 Host,Host|', '33 |Host,Host']);
  assert.deepEqual(sentOf([hosts[0]!, ['Host', '2', 14, 30]], {}), ['13 Host|', '18 Host,Host|', '33 |Host,Host']);
});
test('a group whose alerts are all resolved waits again for the next one', () => {
  assert.deepEqual(
    sentOf(
      [
        ['Host', '1', 10, 14],
        ['Host', '2', 19, 30],
      ],
      {},
    ),
    ['13 Host|', '18 |Host', '22 Host|', '32 |Host'],
  );
});
test('each alone, and at once', () => {
  assert.deepEqual(sentOf(hosts, { groupBy: 'all', waitSeconds: 0 }), ['10 Host|', '10 Host|', '30 |Host', '30 |Host']);
});
test('what is over before its group was sent is never sent', () => {
  assert.deepEqual(sentOf([['Host', '1', 10, 12]], {}), []);
});
test('a source inhibits what it has the labels in common with, if it is there before they are sent', () => {
  const rules = [inhibition];
  assert.deepEqual(sentOf([...hosts, ofSwitch(10)], {}, { rules }), ['13 Switch|', '33 |Switch']);
  assert.deepEqual(sentOf([...hosts, ofSwitch(12)], {}, { rules }), ['15 Switch|', '30 |Switch']);
  const other: Alert = ['Host', '9', 10, 30, 'b'];
  assert.deepEqual(sentOf([other, ofSwitch(10)], {}, { rules }), ['13 Host|', '13 Switch|', '33 |Host', '33 |Switch']);
  assert.deepEqual(sentOf([other, ofSwitch(10)], {}, { rules: [{ ...inhibition, equal: [] }] }), [
    '13 Switch|',
    '33 |Switch',
  ]);
});
test('a source that comes later takes nothing back', () => {
  const late = sentOf([ofSwitch(14), ...hosts], {}, { rules: [inhibition] });
  assert.deepEqual(late, ['13 Host,Host|', '17 Switch|', '32 |Switch', '33 |Host,Host']);
});
test('a label that both lack is equal, and one that only the source lacks is not', () => {
  const by = (equal: string[]) => sentOf([...hosts, ofSwitch(10)], {}, { rules: [{ ...inhibition, equal }] }).length;
  assert.equal(by(['datacenter']), 2);
  assert.equal(by(['host']), 4);
});
test('an alert does not inhibit itself', () => {
  const rule = { ...inhibition, target: matchers('alertname=~".+"') };
  assert.deepEqual(sentOf([ofSwitch(10)], {}, { rules: [rule] }), ['13 Switch|', '33 |Switch']);
});
test('what a silence holds back is sent once it ends', () => {
  const silences = [{ matchers: matchers('alertname=Host'), startsAt: 0, endsAt: 20 }];
  assert.deepEqual(sentOf(hosts, {}, { silences }), ['23 Host,Host|', '33 |Host,Host']);
});
