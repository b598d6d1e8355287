import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Notification } from '../../lab/model/reader.ts';
import type { Judgement } from '../../lab/model/verdict.ts';
import { type Course, simulate } from '../../lab/simulator/lab.ts';
import { missing, prometheusWith } from '../../test/lessons/bounded-prometheus.ts';
import { tellsAll, tellsOthers } from '../../test/lessons/exercises.ts';
import { intervals, settleIn } from '../../test/lessons/settle.ts';
import { eachFails, expectationOf, holds, said, sendsTo, waits } from '../../test/lessons/verdicts.ts';
import type { Shown } from './findings.ts';
import { lesson } from './lesson.ts';
import { brief, kept, long } from './restart.ts';
import { check, type Measured, measure, verdict } from './verdict.ts';

const began = 1_800_000_000;
const { environment, rules } = lesson.plan as Extract<typeof lesson.plan, { rules?: unknown }>;

/** The outage, and a Prometheus that is killed `killed` seconds after its begin and starts again. */
const outage = async (
  scrapeSeconds: number,
  parts: Partial<Course> = {},
  killed = 80 + 2 * scrapeSeconds,
  away = 31,
) => {
  const startsAt = began + killed + away;
  const lab = simulate({
    scrapeSeconds,
    phaseSeconds: 0.6 * scrapeSeconds,
    lives: [
      { from: began - 100, to: began - 1 },
      { from: began, environment: environment! },
    ],
    rules: rules!,
    earlier: { from: began - 90, scrapeSeconds, to: began + killed },
    prometheusStartedAt: startsAt,
    ...parts,
  });
  return { ...lab, startsAt };
};

for (const interval of intervals) {
  test(`scraped every ${interval} s it holds after a restart, whatever the phase and the flag`, async () => {
    for (const evaluationPhase of [0.02, 0.7]) {
      for (const graceSeconds of [5, 60, 600]) {
        const lab = await outage(interval, { evaluationPhase, graceSeconds });
        const { verdict: after, at } = await settleIn(check, lab, lab.startsAt + 1, lab.startsAt + 120);
        holds(after);
        assert.equal(after.kind === 'measured' && after.phase, 1);
        assert.ok(at - lab.startsAt < 45, `${at - lab.startsAt} s after the start`);
      }
    }
  });
}

const measuredIn = async (lab: Awaited<ReturnType<typeof outage>>, now: number): Promise<Measured> => {
  await lab.advance(now);
  return (await measure(lab.readAt(now), lab.labAt(now))) as Measured;
};
const lab = await outage(5);
const before = await measuredIn(lab, began + 70);
const after = await measuredIn(lab, lab.startsAt + 40);
const judged = (change: Partial<Measured>, measured = after): Judgement => verdict({ ...measured, ...change });
const without = (alert: string, status: Notification['status'], measured = after) => ({
  notifications: measured.notifications!.filter((each) => each.alertname !== alert || each.status !== status),
});
/** The same, stored otherwise. */
const stored = (change: Partial<Measured['stored']>, measured = after) => ({
  stored: { ...measured.stored, ...change },
});
const firingOf =
  (alert: string, change: (times: number[]) => number[], { stored } = after): Measured['stored']['firing'] =>
  (name) =>
    name === alert ? change(stored.firing(name)) : stored.firing(name);

test('it says what the restart does to each alert', () => {
  const [happened, allClear, short, longer, lost, shown] = said(judged({}));
  assert.match(happened!, /^the database was down all the time since 08:01:18, and \d+ scrapes saw it so$/);
  assert.match(
    allClear!,
    /^a false all-clear: RESOLVED at 08:01:4\d, while the database is down\. .* Alertmanager waits 20 s$/,
  );
  assert.match(
    short!,
    /^DatabaseDown \(for: 10s, for-grace-period=60s\) begins again: active since 08:02:04, a second FIRING for 08:02:14$/,
  );
  assert.match(
    longer!,
    /^DatabaseDownLong \(for: 300 s\) keeps the \d+ s that it had waited: .* after 36 s without an evaluation$/,
  );
  assert.match(lost!, /^CacheDown is lost, .*; yet ALERTS shows it as firing until 08:06:27$/);
  assert.match(shown!, /^asked for 08:02:14, ALERTS shows 2 as firing, and Prometheus held 1$/);
});
test('before the restart it says what there is to lose', () => {
  holds(verdict(before));
  const [, fires, still] = said(verdict(before));
  assert.match(fires!, /^DatabaseDown \(for: 10s\) fires since 08:00:1\d, and its newest notification says FIRING$/);
  assert.match(still!, /^CacheDown still fires, \d+ s after the last scrape that saw the cache down: keep_firing_for$/);
});
test('with a grace period of 5 s the short one goes on as well', async () => {
  const restored = await outage(5, { graceSeconds: 5 });
  const words = said(verdict(await measuredIn(restored, restored.startsAt + 40)));
  assert.match(
    words[2]!,
    /^DatabaseDown \(for: 10s, for-grace-period=5s\) goes on: active since 08:00:0\d, a second FIRING for 08:02:14$/,
  );
});
test('a later version that restores what has fired is measured, and said', () => {
  const { activeAt } = after.stored.forStates(brief.alert)[0]!;
  const forStates: Measured['stored']['forStates'] = (name) =>
    after.stored.forStates(name).map((each) => (name === brief.alert ? { ...each, activeAt } : each));
  const startsAt = after.restart!.after[2]!;
  const notifications = after.notifications!.map((each) =>
    each.status === 'firing' && each.startsAt > lab.startsAt ? { ...each, startsAt } : each,
  );
  const later = judged({ ...stored({ forStates }), notifications });
  holds(later);
  assert.match(said(later)[2]!, /^DatabaseDown .* goes on, which this version does without it: active since 08:00:/);
});
test('a restart that is short is not noticed', async () => {
  const short = await outage(5, { graceSeconds: 5 }, 90, 2);
  const { verdict: said_ } = await settleIn(check, short, short.startsAt + 1, short.startsAt + 60);
  const claims = said(said_);
  assert.match(claims[1]!, /^no RESOLVED for DatabaseDown: it was sent again within 20 s$|fired again just as/);
});

const [firstFiring] = before.stored.firing(brief.alert);
const [newestMessage] = before.notifications!;
const lastScrape = after.stored.database.at(-1)![0];
const outageTruth = after.truth.outage!;
/** The start that is stored of an alert after the restart, so many seconds later. */
const laterBy = (alert: string, by: number) =>
  judged(
    stored({
      forStates: (name) =>
        after.stored
          .forStates(name)
          .map((each) => (name === alert && each.at > lab.startsAt ? { ...each, activeAt: each.activeAt + by } : each)),
    }),
  );
const shownAs = (change: Partial<Shown>) => judged({ shown: { ...after.shown!, ...change } });
const messages = (change: (each: Notification) => Notification[]) => ({
  notifications: after.notifications!.flatMap((each) => (each.alertname === brief.alert ? change(each) : [each])),
});
eachFails({
  'a database that a scrape saw up fails, and so does one that was': [
    /^the database was down/,
    judged(stored({ database: after.stored.database.map(([at]) => [at, at === lastScrape ? 1 : 0] as const) })),
    judged({
      truth: {
        ...after.truth,
        outage: { ...outageTruth, database: outageTruth.database.map((_, index) => (index === 40 ? 1 : 0)) },
      },
    }),
  ],
  'an all-clear that is missing fails': [/^no RESOLVED/, judged(without(brief.alert, 'resolved'))],
  'an all-clear at another time fails': [
    /^a false all-clear/,
    judged(messages((each) => [{ ...each, ...(each.endsAt && { endsAt: each.endsAt - 2 }) }])),
  ],
  'a short `for` that has waited otherwise fails, and so does one of which no notification comes': [
    /^DatabaseDown \(/,
    laterBy(brief.alert, -1),
    judged({
      ...messages((each) => (each.status === 'resolved' || each.startsAt < lab.startsAt ? [each] : [])),
      lab: { ...after.lab, now: after.lab.now + 60 },
    }),
  ],
  'a long `for` that keeps less or more than it had waited fails': [
    /^DatabaseDownLong/,
    laterBy(long.alert, -31),
    laterBy(long.alert, 60),
  ],
  'what is kept and goes on fails, and so does a lookback of another length': [
    /^CacheDown is lost/,
    shownAs({ afterLookback: true }),
    shownAs({ untilLookback: false }),
    judged(stored({ firing: firingOf(kept.alert, (times) => [...times, after.shown!.at + 5]) })),
  ],
  'other alerts than those that fire and fired fail': [/^asked for/, shownAs({ names: [brief.alert] })],
  'before the restart: an alert that is over, or that misses an evaluation, fails': [
    /^DatabaseDown \(/,
    judged(
      {
        notifications: [{ ...newestMessage!, alertname: brief.alert, status: 'resolved' }, ...before.notifications!],
      },
      before,
    ),
    judged(
      stored(
        {
          firing: firingOf(
            brief.alert,
            (times) => times.filter((at) => at === firstFiring || at > firstFiring! + 6),
            before,
          ),
        },
        before,
      ),
      before,
    ),
  ],
  'before the restart: what is not kept fails': [
    /^CacheDown still/,
    judged(stored({ firing: firingOf(kept.alert, (times) => times.slice(0, -1), before) }, before), before),
  ],
});

test('it waits for the alert, for its notification and for the evaluations after the start', async () => {
  waits(verdict(await measuredIn(lab, began + 8)), 16, /^DatabaseDown to fire, and the cache to be up again$/);
  waits(
    judged({ ...without(brief.alert, 'firing', before), lab: { ...before.lab, now: began + 30 } }, before),
    1,
    /^the notification$/,
  );
  waits(verdict(await measuredIn(lab, lab.startsAt + 6)), 11, /^three evaluations after the start$/);
});
test('another state, an old outage and a long absence are sent to the step', async () => {
  const none = { ...after.lab, exporter: { ...after.lab.exporter!, fleet: [] } };
  sendsTo(await check(lab.readAt(after.lab.now), none));
  sendsTo(await check(lab.readAt(after.lab.now), { ...after.lab, now: began + 4_000 }));
  const long = await outage(5, {}, 90, 297);
  sendsTo((await settleIn(check, long, long.startsAt + 1, long.startsAt + 60)).verdict);
});
test('Prometheus that the step itself starts anew was not restarted', async () => {
  const applied = { step: 'exp-25', from: began - 5, to: after.lab.prometheusStartedAt + 1 };
  const own = await measure(lab.readAt(after.lab.now), { ...after.lab, applied });
  assert.equal((own as Measured).restart, undefined);
});

/** What both exercises are judged on; a real Prometheus answers, without the stale markers: it takes none of the future. */
const played = async (t: TestContext, scrapeSeconds: number) => {
  const lab = await outage(scrapeSeconds);
  const now = lab.startsAt + 50;
  await lab.advance(now);
  const series = lab.storedAt(now).map(({ labels, samples }) => ({ labels, samples }));
  const { truth, notifications, alertFlags } = lab.readAt(now);
  return {
    read: { ...(await prometheusWith(t, series)).read, truth, notifications, alertFlags },
    state: lab.labAt(now),
  };
};
test('each answer is right after the restart, each mistake is recognised', { skip: missing }, async (t) => {
  for (const scrapeSeconds of [1, 5, 30]) {
    const { read, state } = await played(t, scrapeSeconds);
    for (const exercise of lesson.exercises!) {
      await tellsAll(exercise, read, state, scrapeSeconds === 5);
      if (scrapeSeconds === 5) await tellsOthers(exercise, read, state);
    }
  }
});
test('an exercise says what to do before the restart', async () => {
  for (const { expected } of lesson.exercises!) {
    const asked = async (change: Partial<Measured['lab']> = {}, now = began + 70) =>
      expectationOf(await expected(lab.readAt(now), { ...lab.labAt(now), ...change }));
    assert.match(await asked(), /^make kill SERVICE=prometheus: Prometheus was not killed while DatabaseDown fired$/);
    assert.match(await asked({ evaluationSeconds: 30 }), /^make exp-25 EVALUATION_INTERVAL=5s: /);
    assert.match(await asked({}, lab.startsAt + 6), /^wait 11: three evaluations after the start$/);
    const short = await outage(5, {}, 90, 2);
    await short.advance(short.startsAt + 60);
    const expectation = expectationOf(
      await expected(short.readAt(short.startsAt + 60), short.labAt(short.startsAt + 60)),
    );
    assert.match(expectation, /^make kill SERVICE=prometheus: Prometheus was down for less than half a minute/);
  }
});
