import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Plan } from '../../lab/model/plan.ts';
import type { Sample } from '../../lab/promql/sample.ts';
import { simulate } from '../../lab/simulator/lab.ts';
import { settleIn } from '../../test/lessons/settle.ts';
import { changed, courseAround } from '../../test/lessons/simulated.ts';
import { every, failsOnly, holds, labOf, said, sendsTo, truthOf } from '../../test/lessons/verdicts.ts';
import type { Measured, Member } from './findings.ts';
import { recordedSum } from './findings.ts';
import { lesson } from './lesson.ts';
import { check, fallIn, verdict } from './verdict.ts';

const start = 1_800_000_000;
const leavesAt = start + 60;
const lab = labOf({ now: start + 90, prometheusStartedAt: start - 600 });

const times = Array.from({ length: 17 }, (_, index) => index);
const seconds = Array.from({ length: 40 }, (_, index) => start + 45 + index);

/** Scraped every 5 s, at its own phase; it counts 20 requests in 5 s. */
const member = (number: number, phase: number, before: number, until = Number.POSITIVE_INFINITY): Member => {
  const samples = every(
    5,
    start + phase,
    times.map((index) => before + 20 * (index + 1)),
  );
  return {
    instance: `exporter:${7_999 + number}`,
    job: 'my_app',
    number,
    series: [],
    ...(Number.isFinite(until) && { leavesAt: until }),
    requests: samples.filter(([at]) => at < until),
    up: samples.map(([at]) => [at, at < until ? 1 : 0]),
    scrapeAt: (at) => ({ at, durationSeconds: 0.01 }),
    truth: truthOf({ instants: seconds, requestsPerSecond: seconds.map((second) => (second < until ? 4 : 0)) }),
  };
};

/** Evaluated every 5 s, each time after the scrapes: three counters until second 60, then two. */
const recorded: Sample[] = every(
  5,
  start + 4.7,
  times.map((index) => (index < 12 ? 200_000 + 60 * (index + 1) : 100_000 + 40 * (index + 1))),
);

const members = [member(1, 1.5, 0), member(2, 2.5, 100_000), member(3, 3.5, 100_000, leavesAt)];
const left: Measured = {
  lab,
  fall: fallIn({ lab, members, recorded })!,
  members,
  recorded,
  // From second 49.7 to 79.7: (100 640 − 200 660 + 200 720) × 30 / 25.
  increaseOfSum: 120_840,
  // Twice 100 × 30 / 25, and of the one that left 20 × (3.8 + 5 + 2.5) / 5.
  sumOfIncreases: 285.2,
};
const judged = (change: Partial<Measured> = {}) => {
  const changed = { ...left, ...change };
  return verdict({ ...changed, fall: fallIn(changed)! });
};
const withMember = (index: number, change: Partial<Member>) => ({
  members: left.members.map((each, at) => (at === index ? { ...each, ...change } : each)),
});

test('one fall of the sum becomes hundreds of times the requests that happened', () => {
  holds(judged());
  const [happened, stored, fall, fault, fix] = said(judged());
  assert.match(happened!, /^what happened: 284 requests at exporter:8000, exporter:8001 and exporter:8002 in the 30 s/);
  assert.match(stored!, /exporter:8000 counted 100 \(truth: 100\) and exporter:8001 counted 100 \(truth: 100\)$/);
  assert.match(fall!, /once, at 08:01:04, from 200,720 to 100,520: exporter:8002 took its 100,240 with it$/);
  assert.match(fault!, /the increase of the sum is 120,840 requests, 425 times what happened/);
  assert.match(fix!, /then the sum: 285.2 requests, where 284 happened$/);
});
test('stored samples that are not what happened fail', () => {
  const requests = left.members[1]!.requests.map(([at, value]): Sample => [at, at > start + 70 ? value + 7 : value]);
  const change = {
    ...withMember(1, { requests }),
    recorded: recorded.map(([at, value]) => [at, at > start + 71 ? value + 7 : value] as const),
  };
  // (107 × 30 / 25) more of one instance, and 7 × 30 / 25 of the sum.
  failsOnly(judged({ ...change, increaseOfSum: 120_848.4, sumOfIncreases: 293.6 }), /what was stored is right/);
});
test('a sum that was not what the counters add up to fails', () => {
  const odd = recorded.map(([at, value], index): Sample => [at, index === 11 ? value + 1 : value]);
  failsOnly(judged({ recorded: odd, increaseOfSum: 120_841.2 }), /the sum dropped once/);
});
test('a fall before the instance left is that of another fleet', () => {
  const more = recorded.map(([at, value], index): Sample => [at, index < 4 ? value + 100_000 : value]);
  holds(judged({ recorded: more }));
});
test('a second fall in the window fails', () => {
  const odd = recorded.map(([at, value], index): Sample => [at, index === 14 ? value - 50 : value]);
  // 100 560 is the value before the second fall.
  failsOnly(
    judged({ recorded: odd, increaseOfSum: ((100_640 - 200_660 + 200_720 + 100_560) * 30) / 25 }),
    /the sum dropped once/,
  );
});
test('an answer that is not what Prometheus computes from these samples fails', () => {
  failsOnly(judged({ increaseOfSum: 120_840.001 }), /the increase of the sum is/);
  failsOnly(judged({ sumOfIncreases: 284 }), /^the fix/);
});
test('an evaluation just after a scrape may have met it or not', () => {
  const slow = left.members.map((each) => ({ ...each, scrapeAt: (at: number) => ({ at, durationSeconds: 2 }) }));
  const early = recorded.map(([at, value], index): Sample => [at, index === 11 ? value - 20 : value]);
  holds(judged({ members: slow, recorded: early, increaseOfSum: 120_816 }));
});

test('another scrape that fails in the window would be a second fall', () => {
  const up = left.members[0]!.up.map(([at]): Sample => [at, at === start + 71.5 ? 0 : 1]);
  sendsTo(judged(withMember(0, { up })));
});
test('where the sum was whole only just before, the window begins there', () => {
  const late = left.members.map((each) => ({ ...each, requests: each.requests.filter(([at]) => at > start + 55) }));
  // The sum, from second 59.7 to 84.7 and carried to 89.7: 100 680 × 30 / 25. The two that stay, from 61.5 and 62.5 on:
  // 80 × (20 + 1.801 + 2.5) / 20 and 80 × (20 + 2.801 + 2.5) / 20.
  const verdict = judged({
    members: late,
    increaseOfSum: 120_816,
    sumOfIncreases: 198.408,
    lab: { ...lab, now: start + 95 },
  });
  holds(verdict);
  assert.match(said(verdict)[0]!, /in the 30 s until 08:01:29/);
});

/** The experiment as it is scraped, evaluated and read. */
const course = () => ({
  ...courseAround(lesson.plan as Plan, { scrapeSeconds: 5, phaseSeconds: 1.5 }),
  evaluationPhase: 0.7,
});
test('a sum that never falls fails', async () => {
  const rules = [{ record: recordedSum, expr: 'sum by (job) (requests_total) * 0 + time()' }];
  const { verdict } = await settleIn(check, simulate({ ...course(), rules }), changed + 2, changed + 200);
  failsOnly(verdict, /the sum (fell|dropped) when exporter:8002 left/);
});
test('it waits until the window around the drop is over, and says so from the start', async () => {
  const { announced, at, verdict } = await settleIn(check, simulate(course()), changed + 20, changed + 200);
  holds(verdict);
  assert.ok(announced >= at - changed - 20 && announced <= 75, `${at - changed - 20} s, ${announced} announced`);
});
test('the rule records under the name that the verdict reads', () => {
  const rules = readFileSync(new URL('rules.yml', import.meta.url), 'utf8');
  assert.match(rules, new RegExp(`^ +- record: ${recordedSum}$`, 'm'));
});
