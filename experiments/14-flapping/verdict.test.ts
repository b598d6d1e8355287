import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { cpuPercent } from '../../exporter/src/signals/cpu.ts';
import type { Notification } from '../../lab/model/reader.ts';
import type { Sample } from '../../lab/promql/sample.ts';
import { every, failsOnly, holds, labOf, said, sendsTo, truthOf, waits } from '../../test/lessons/verdicts.ts';
import type { Measured } from './findings.ts';
import { episodesOf, halfPeriodSeconds, type Rule, recordedCpu, rules } from './flap.ts';
import { check, verdict } from './verdict.ts';

/** A wave begins: high until second 20, low until 40. */
const start = 1_800_000_000;
const lab = labOf({
  now: start + 126,
  prometheusStartedAt: start - 600,
  exporter: { signal: 'square', seed: 1, startedAt: start, cores: 2 },
});
const wave = (second: number) => (Math.floor(second / 20) % 2 === 0 ? 95 : 5);
const instants = Array.from({ length: 130 }, (_, index) => start - 2 + index);
/** Scraped at 1.5 s and every 5 s, evaluated at 2 s and every 5 s. */
const evaluations = Array.from({ length: 21 }, (_, index) => 5 * index);
const recorded = every(5, start + 2, evaluations.map(wave));
const at = (second: number): Sample => [start + second, 1];
const span = (from: number, to: number): Sample[] =>
  evaluations
    .map((second) => second + 2)
    .filter((second) => second >= from && second <= to)
    .map(at);

const firing = {
  FlapAtOnce: [...span(2, 17), ...span(42, 57), ...span(82, 97)],
  FlapFor10s: [...span(12, 17), ...span(52, 57), ...span(92, 97)],
  FlapFor30s: [],
  FlapKept: span(2, 102),
  FlapAverage: span(42, 102),
};
const messages = (alertname: string, ...seconds: number[]): Notification[] =>
  seconds.map((second) => ({
    alertname,
    status: 'firing',
    labels: {},
    annotations: {},
    startsAt: start + second,
    endsAt: undefined,
    receivedAt: start + second + 2,
  }));
const full: Measured = {
  lab,
  recorded,
  gauge: recorded.map(([time, value]) => [time - 0.5, value]),
  scrapeAt: (time) => ({ at: time, durationSeconds: 0.01 }),
  firing,
  notifications: [
    ...messages('FlapAtOnce', 2, 42, 82),
    ...messages('FlapFor10s', 12, 52, 92),
    ...messages('FlapKept', 2),
    ...messages('FlapAverage', 42),
  ],
  truth: truthOf({ signal: 'square', instants, cpuPercent: instants.map((second) => wave(second - start)) }),
};
const judged = (change: Partial<Measured> = {}) => verdict({ ...full, ...change });

test('one wave: three alerts, three later ones, none, one and one', () => {
  holds(judged());
  const [happened, stored, ...others] = said(judged());
  const [alerts, [inbox]] = [others.slice(0, -1), others.slice(-1)];
  assert.match(happened!, /^what happened: the CPU was high 3 times in the 100 s until 08:01:42/);
  assert.match(stored!, /each of 20 samples is what the CPU was, and the evaluations saw it high 3 times$/);
  assert.deepEqual(
    alerts.map((words) => words.replace(/^(\w+),.*: /, '$1 ')),
    [
      'FlapAtOnce it fired 3 times, 3 notifications',
      'FlapFor10s it fired 3 times, 3 notifications',
      'FlapFor30s it never fired, 0 notifications',
      'FlapKept it fired once, 1 notification',
      'FlapAverage it fired once, 1 notification',
    ],
  );
  assert.match(inbox!, /: FlapAtOnce 3 fired and 0 resolved, .*FlapKept 1 fired and 0 resolved, FlapAverage 1 fired/);
});
test('where nothing receives notifications the episodes are judged alone', () => {
  const alone = judged({ notifications: undefined });
  holds(alone);
  assert.match(said(alone)[2]!, /it fired 3 times$/);
});
test('an alert that fires otherwise than by its rule fails', () => {
  const others = (name: keyof typeof firing, samples: Sample[]) => judged({ firing: { ...firing, [name]: samples } });
  failsOnly(others('FlapAtOnce', [...span(2, 17), ...span(47, 57), ...span(82, 97)]), /^FlapAtOnce/);
  failsOnly(others('FlapFor10s', [...span(12, 17), ...span(92, 97)]), /^FlapFor10s/);
  failsOnly(others('FlapFor30s', span(97, 97)), /^FlapFor30s/);
  failsOnly(others('FlapKept', [...span(2, 17), ...span(42, 97)]), /^FlapKept/);
  failsOnly(others('FlapAverage', [...span(42, 57), ...span(82, 97)]), /^FlapAverage/);
});
test('evaluations that saw another wave fail', () => {
  const blind = recorded.map(([time, value]): Sample => [time, time === start + 52 ? 5 : value]);
  const seen = {
    ...firing,
    FlapAtOnce: firing.FlapAtOnce.filter(([time]) => time !== start + 52),
    FlapFor10s: [...span(12, 17), ...span(92, 97)],
  };
  const notifications = [...full.notifications!, ...messages('FlapAtOnce', 57)];
  failsOnly(judged({ recorded: blind, firing: seen, notifications }), /^what was stored is right/);
});
test('a notification that never came fails', () => {
  const notifications = full.notifications!.filter(({ startsAt }) => startsAt !== start + 52);
  failsOnly(judged({ notifications }), /^FlapFor10s/);
});
test('an alert that Alertmanager still had for firing goes on without a message', () => {
  const notifications = full.notifications!.filter(({ alertname }) => alertname !== 'FlapKept');
  const before = (second: number) => ({ ...firing, FlapKept: [at(second), ...firing.FlapKept] });
  const known = judged({ notifications, firing: before(-20) });
  holds(known);
  assert.match(said(known)[5]!, /it fired once, 0 notifications, since Alertmanager already had it for firing$/);
  failsOnly(judged({ notifications, firing: before(-70) }), /^FlapKept/);
});
test('an alert that began to fire before its states were stored has its message', () => {
  const begun = { ...lab, prometheusStartedAt: start + 4 };
  // Of the evaluations at 7, 12 and 17 s nothing is stored; the wave is low from 20 s on, and the alert is kept.
  const from22 = {
    FlapAtOnce: [...span(42, 57), ...span(82, 97)],
    FlapFor10s: [...span(52, 57), ...span(92, 97)],
    FlapFor30s: [],
    FlapKept: span(22, 102),
    FlapAverage: span(42, 102),
  };
  const notifications = [
    ...messages('FlapAtOnce', 7, 42, 82),
    ...messages('FlapFor10s', 17, 52, 92),
    ...messages('FlapKept', 7),
    ...messages('FlapAverage', 42),
  ];
  holds(judged({ lab: begun, firing: from22, notifications }));
  const earlier = notifications.map((each) => (each.startsAt === start + 7 ? { ...each, startsAt: start + 2 } : each));
  failsOnly(judged({ lab: begun, firing: from22, notifications: earlier }), /^FlapKept/);
});
test('a stored sample that is not what the CPU was fails', () => {
  const gauge = full.gauge.map(([time, value]): Sample => [time, time === start + 26.5 ? 95 : value]);
  failsOnly(judged({ gauge }), /^what was stored is right/);
});

const until = (now: number) => ({
  lab: { ...lab, now: start + now },
  recorded: recorded.filter(([time]) => time <= start + now),
});
test('it waits until the CPU was high twice, and for the notifications', () => {
  const reason = /^the CPU to be high twice, and for the notifications$/;
  waits(judged(until(3)), 91, reason);
  waits(judged(until(30)), 35, reason);
  waits(judged(until(56)), 9, reason);
  const notifications = full.notifications!.filter(({ startsAt }) => startsAt !== start + 92);
  waits(judged({ ...until(105), notifications }), 15, /^a notification that is on its way$/);
});
test('a wave that was under way when Prometheus began is left out', () => {
  const since = { ...lab, prometheusStartedAt: start - 8 };
  const earlier: Sample[] = [[start - 3, 95], ...recorded];
  const late = judged({ lab: since, recorded: earlier, firing: { ...firing, FlapKept: span(2, 102) } });
  assert.match(said(late)[2]!, /^FlapAtOnce, without `for`: it fired 2 times/);
});
test('another signal is sent to exp-14', async () => {
  sendsTo(await check({} as never, { ...lab, exporter: { ...lab.exporter!, signal: 'random' } }));
});
test('the rules are those that the verdict knows, and the wave is the one that the exporter simulates', () => {
  type Written = { record?: string; alert?: string; expr: string; for?: string; keep_firing_for?: string };
  const file = parse(readFileSync(new URL('rules.yml', import.meta.url), 'utf8')) as { groups: { rules: Written[] }[] };
  const [recording, ...alerts] = file.groups[0]!.rules;
  assert.equal(recording!.record, recordedCpu);
  const known: Rule[] = Object.values(rules);
  assert.deepEqual(
    alerts.map((rule) => ({ alert: rule.alert, for: rule.for, keep: rule.keep_firing_for })),
    known.map(({ alert, forSeconds, keepSeconds }) => ({
      alert,
      for: forSeconds && `${forSeconds}s`,
      keep: keepSeconds && `${keepSeconds}s`,
    })),
  );
  for (const [index, { thresholdPercent, windowSeconds }] of known.entries()) {
    const averaged = windowSeconds
      ? `avg_over_time(${recordedCpu}[${windowSeconds}s])`
      : `last_over_time(${recordedCpu}[1s])`;
    assert.ok(alerts[index]!.expr.startsWith(`${averaged} > ${thresholdPercent}`), alerts[index]!.expr);
  }
  assert.equal(cpuPercent('square', 2 * halfPeriodSeconds - 1, 1), 5);
  assert.equal(cpuPercent('square', 2 * halfPeriodSeconds, 1), 95);
});
test('an alert that is kept ends after its time', () => {
  assert.deepEqual(episodesOf(rules.kept, every(5, 0, [95, 5, 5, 5, 5, 5, 5, 5, 5, 95]), 0), [0, 45]);
  assert.deepEqual(episodesOf(rules.kept, every(5, 0, [95, 5, 5, 5, 5, 5, 5, 95]), 0), [0]);
});
