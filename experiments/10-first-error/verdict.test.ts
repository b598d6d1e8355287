import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import type { Plan } from '../../lab/model/plan.ts';
import type { Answer } from '../../lab/model/reader.ts';
import { simulate } from '../../lab/simulator/lab.ts';
import { settleIn } from '../../test/lessons/settle.ts';
import { changed, courseAround } from '../../test/lessons/simulated.ts';
import { every, failsOnly, holds, labOf, said, sendsTo } from '../../test/lessons/verdicts.ts';
import type { Counted } from './findings.ts';
import { lesson } from './lesson.ts';
import { dated, lazy, windowSeconds, zeroed } from './twins.ts';
import { check, type Measured, neverScraped, verdict } from './verdict.ts';

const start = 1_800_000_000;
const lab = labOf({ now: start + 60, prometheusStartedAt: start - 600 });
const said5 = (value: number): Answer => ({ type: 'vector', series: [{ labels: {}, samples: [[start, value]] }] });

/** Errors in second 40; scraped at 42 and 47 with them, judged at 49.5. */
const burst = { instance: 'exporter:8000', count: 5, at: start + 40 };
const late: Counted = {
  ...lazy,
  samples: every(5, start + 42, [5, 5, 5, 5]),
  before: [],
  firing: [],
  answer: 0,
  anchored: said5(0),
};
const early: Counted = {
  ...zeroed,
  samples: every(5, start + 2, [0, 0, 0, 0, 0, 0, 0, 0, 5, 5, 5, 5]),
  before: [],
  firing: [43, 48, 53, 58].map((second) => start + second),
  notifiedAt: start + 45.2,
  // 5 in 45 s, and 2.5 s more at the end; at the start a counter is not carried below zero.
  answer: (5 * 47.5) / 45,
  anchored: said5(5),
};
const created: Counted = {
  ...dated,
  samples: [[start + 40, 0], ...every(5, start + 42, [5, 5, 5, 5])],
  before: [],
  firing: [43, 48, 53, 58].map((second) => start + second),
  notifiedAt: start + 45.3,
  // 5 in 7 s, and 2.5 s more at the end.
  answer: (5 * 9.5) / 7,
  anchored: said5(5),
};
const instant = { at: start + 49.5, windowSeconds };
const measured: Measured = {
  lab,
  since: start,
  burst,
  instant,
  hasInbox: true,
  lazy: late,
  zeroed: early,
  dated: created,
};
const judged = (change: Partial<Measured> = {}) => verdict({ ...measured, ...change });

test('five errors reach the alert of two counters, and not that of the third', () => {
  holds(judged());
  const claims = said(judged());
  assert.equal(claims[0], 'what happened: 5 errors at exporter:8000 in the second 08:00:40, and none before');
  assert.match(claims[1]!, /^errors_total was created with them: its first sample is 5, and its increase is 0\./);
  assert.match(claims[2]!, /its alert never fired, in 4 evaluations in which the one on errors_zeroed_total did$/);
  assert.match(
    claims[3]!,
    /^errors_zeroed_total was 0 from the start: its raw increase is 5, and its increase is 5.2778/,
  );
  assert.equal(claims[4], 'and its alert fired at 08:00:43 and arrived at 08:00:45');
  assert.match(claims[5]!, /so Prometheus stored a 0 at 08:00:40: its raw increase is 5, and its increase is 6.7857/);
  assert.match(
    claims[7]!,
    /^`anchored` does not extrapolate: it says 5 of errors_zeroed_total, and still 0 of errors_t/,
  );
});
test('an older Prometheus leaves `anchored` out by name', () => {
  const refused: Answer = { refused: 'parse error' };
  const verdict = judged({ lazy: { ...late, anchored: refused }, zeroed: { ...early, anchored: refused } });
  holds(verdict);
  assert.match(said(verdict).at(-1)!, /^left out: this Prometheus refuses `anchored`/);
});
test('where nothing receives notifications the alerts themselves are measured', () => {
  const { notifiedAt: _, ...unheard } = early;
  const { notifiedAt: __, ...alsoUnheard } = created;
  const verdict = judged({ hasInbox: false, zeroed: unheard, dated: alsoUnheard });
  holds(verdict);
  assert.equal(said(verdict)[4], 'and its alert fired at 08:00:43');
});

test('a lazily created counter with an increase fails', () => {
  failsOnly(judged({ lazy: { ...late, answer: 5 } }), /^errors_total was created/);
  const samples = [[start + 37, 0] as const, ...late.samples];
  const from0 = { ...late, samples, answer: (5 * 12.5) / 10, anchored: said5(5) };
  failsOnly(judged({ lazy: from0 }), /^errors_total was created/);
});
test('an alert of it that fires, or arrives, fails', () => {
  failsOnly(judged({ lazy: { ...late, firing: [start + 43] } }), /never fired/);
  failsOnly(judged({ lazy: { ...late, notifiedAt: start + 50 } }), /never fired/);
});
test('an answer that is not what Prometheus computes from these samples fails', () => {
  failsOnly(judged({ zeroed: { ...early, answer: 5.3 } }), /^errors_zeroed_total/);
  failsOnly(judged({ dated: { ...created, answer: 6.7 } }), /^errors_dated_total/);
});
test('a counter that missed an error fails', () => {
  const samples = early.samples.map(([at, value]) => [at, Math.min(value, 4)] as const);
  const fewer = { ...early, samples, answer: (4 * 47.5) / 45, anchored: said5(4) };
  failsOnly(judged({ zeroed: fewer }), /^errors_zeroed_total/);
});
test('a 0 that Prometheus put at another instant than its creation fails', () => {
  const samples = [[start + 40.5, 0] as const, ...created.samples.slice(1)];
  failsOnly(judged({ dated: { ...created, samples, answer: (5 * 9) / 6.5 } }), /^errors_dated_total/);
});
test('an alert that should fire and does not, or does not arrive, fails', () => {
  const over = { ...lab, now: start + 120 };
  failsOnly(judged({ lab: over, dated: { ...created, firing: [] } }), /^and its alert never fired/);
  const { notifiedAt: _, ...unheard } = early;
  failsOnly(judged({ lab: over, zeroed: unheard }), /^and its alert fired at 08:00:43 and never arrived/);
});
test('`anchored` that fixes more or less than that fails', () => {
  failsOnly(judged({ lazy: { ...late, anchored: said5(5) } }), /^`anchored`/);
  failsOnly(judged({ zeroed: { ...early, anchored: said5(5.28) } }), /^`anchored`/);
});
test('`anchored` begins with what an earlier process left within five minutes, by value', () => {
  const left: Counted = { ...late, anchored: said5(5), anchor: [start - 250, 33] };
  const verdict = judged({ lazy: left });
  holds(verdict);
  assert.match(
    said(verdict).at(-1)!,
    /and 5 of errors_total, where it begins with 33, which an earlier process left 2/,
  );
  holds(judged({ lazy: { ...left, anchored: said5(0), anchor: [start - 250, 5] } }));
  failsOnly(judged({ lazy: { ...left, anchored: said5(0) } }), /^`anchored`/);
});
test('what an earlier process left in the window itself is waited out', () => {
  sendsTo(judged({ lazy: { ...late, before: [[start - 1, 7]] } }));
});
test('errors that were never scraped fail', () => {
  failsOnly({ kind: 'measured', findings: [neverScraped(burst)] }, /were scraped/);
});

test('it waits for two scrapes with the errors and for the notification, as long as it says', async () => {
  const course = courseAround(lesson.plan as Plan, { scrapeSeconds: 5, phaseSeconds: 1.5 });
  const begun = changed + 1;
  const reason = 'the errors, two scrapes of them and the notification';
  const at = async (seconds: number) => {
    const lab = simulate(course);
    await lab.advance(begun + seconds);
    return check(lab.readAt(begun + seconds), lab.labAt(begun + seconds));
  };
  assert.deepEqual(await at(10), { kind: 'wait', seconds: 55, reason });
  assert.deepEqual(await at(44), { kind: 'wait', seconds: 21, reason });
  const { announced, at: end, verdict } = await settleIn(check, simulate(course), begun + 10, begun + 120);
  holds(verdict);
  assert.ok(end - begun - 10 <= announced, `${end - begun - 10} s, ${announced} announced`);
});
test('errors of before this Prometheus, or of an exporter before, cannot be measured', () => {
  sendsTo(judged({ zeroed: { ...early, before: every(5, start - 10, [0, 5]) } }));
  sendsTo(judged({ zeroed: { ...early, firing: Array.from({ length: 12 }, (_, index) => start + 3 + 5 * index) } }));
});
test('a scrape that is too slow for the window, or for the time before the errors, is named', () => {
  sendsTo(judged({ zeroed: { ...early, samples: early.samples.slice(8) } }), 'make exp-10 SCRAPE_INTERVAL=5s');
});

test('each counter has its alert in the rules, over the window that the verdict speaks of', () => {
  const { groups } = parse(readFileSync(new URL('rules.yml', import.meta.url), 'utf8'), { merge: true });
  const rules: { alert: string; expr: string }[] = groups.flatMap((group: { rules: [] }) => group.rules);
  assert.equal(windowSeconds, 60);
  assert.deepEqual(
    rules.map(({ alert, expr }) => [alert, expr]),
    [lazy, zeroed, dated].map(({ alert, metric }) => [alert, `increase(${metric}[1m]) > 0 and ${metric} > 0`]),
  );
});
