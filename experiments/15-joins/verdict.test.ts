import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import type { Sample } from '../../lab/promql/sample.ts';
import { every, failsOnly, holds, said, truthOf } from '../../test/lessons/verdicts.ts';
import type { Answers } from './findings.ts';
import { count, joined, matching, recorded, recordedCount, recordedUnique, unique } from './join.ts';
import { type Member, metSeveral } from './matches.ts';
import { type Measured, verdict } from './verdict.ts';

const start = 1_800_000_000;
const deploy = { instance: 'exporter:8001', from: start + 30, to: start + 60 };
const indexes = Array.from({ length: 16 }, (_, index) => index);
const seconds = Array.from({ length: 100 }, (_, index) => start + index);

/** Scraped every 5 s at its own phase, 20 requests in 5 s. */
const member = (number: number, phase: number): Member => {
  const at = (from: number, to: number): Sample[] =>
    every(5, start + phase, Array(16).fill(1)).filter(([time]) => time >= start + from && time < start + to);
  return {
    instance: `exporter:${7_999 + number}`,
    job: 'my_app',
    number,
    series: [],
    requests: every(
      5,
      start + phase,
      indexes.map((index) => 20 * (index + 1)),
    ),
    up: at(0, 100),
    scrapeAt: (time) => ({ at: time, durationSeconds: 0.01 }),
    versions: number === 2 ? { '1.0.0': at(0, 60), '1.1.0': at(30, 100) } : { '1.0.0': at(0, 100) },
    truth: truthOf({
      instants: seconds,
      requestsPerSecond: seconds.map(() => 4),
      deploy: { from: deploy.from, to: deploy.to, versions: [['1.0.0'], ['1.0.0', '1.1.0'], ['1.1.0']] },
    }),
  };
};
const members = [member(1, 1.5), member(2, 2.5), member(3, 3.5)];

/** Every 5 s from second 19.7 on. The scrapes at 32.5 to 57.5 met two versions, so these evaluations did: 34.7 to 59.7. */
const all = every(5, start + 19.7, Array(12).fill(0)).map(([at]) => at);
const met = all.slice(3, 9);
const answers: Answers = {
  at: start + 59.7,
  join: { refused: 'found duplicate series for the match group {instance="exporter:8001"}: [{…}, {…}];many-to-many' },
  shown: { '1.0.0': 11.5 },
  last: { at: start + 29.7, values: { '1.0.0': 11.5 } },
  // 220 of each in 55 s, carried by half an interval at the start and by 3.2, 2.2 and 1.2 s at the end:
  // 4 × (60.7 + 59.7 + 58.7) / 120.
  fixed: 5.97,
};

const deployed: Measured = {
  since: start,
  deploy,
  members,
  evaluations: { all, joined: all.filter((at) => !met.includes(at)), fixed: all },
  answers,
};
const judged = (change: Partial<Measured> = {}) => verdict({ ...deployed, ...change });
const evaluations = (change: Partial<Measured['evaluations']>) => ({
  evaluations: { ...deployed.evaluations, ...change },
});

test('a deploy takes the answer away for all, and the fixed join goes on', () => {
  holds(judged());
  const [happened, , gap, old, refusal, fix] = said(judged());
  assert.match(
    happened!,
    /^what happened: exporter:8001 showed the versions 1.0.0 and 1.1.0 at once, from 08:00:30 to/,
  );
  assert.match(gap!, /^6 of 12 evaluations met two versions of exporter:8001\. .* for all 3 instances$/);
  assert.match(old!, /shows 11.5\/s of 1.0.0, which is 30 s old$/);
  assert.match(refusal!, /refused: found duplicate series for the match group \{instance="exporter:8001"\}$/);
  assert.match(fix!, /misses none of the 12: 5.97\/s at 08:00:59$/);
});
test('an evaluation that failed without two versions fails', () => {
  failsOnly(judged(evaluations({ joined: deployed.evaluations.joined.slice(0, -1) })), /^7 of 12 evaluations/);
});
test('an evaluation that met two versions and did not fail fails', () => {
  failsOnly(judged(evaluations({ joined: [...deployed.evaluations.joined, met[2]!] })), /^5 of 12 evaluations/);
});
test('an evaluation just after the first scrape with two versions may have met it or not', () => {
  const near = all.map((at) => at - 2);
  for (const fails of [true, false]) {
    const stored = near.filter((_, index) => index < 3 || index > 8 || (index === 3 && !fails));
    // The scrape at 32.5 is met at 32.7 or only at 37.7, and the one at 62.5 at 62.7 or only at 67.7.
    const joined = stored.filter((at) => fails || at !== near[9]);
    const verdict = judged({
      evaluations: { all: near, joined, fixed: near },
      answers: { ...answers, at: start + 57.7, fixed: (4 * (55 + 2.5 + 1.2 + 55 + 2.5 + 0.2 + 50 + 2.5 + 4.2)) / 120 },
    });
    holds(verdict);
  }
});
test('a graph that shows another value than the last one, or a gap, fails', () => {
  failsOnly(judged({ answers: { ...answers, shown: { '1.0.0': 11.6 } } }), /^and nobody sees a gap/);
  failsOnly(judged({ answers: { ...answers, shown: {} } }), /^and nobody sees a gap/);
});
test('a join that answers all the same fails', () => {
  failsOnly(judged({ answers: { ...answers, join: { type: 'vector', series: [] } } }), /the join is refused$/);
});
test('a fixed join that misses an evaluation, or says something else, fails', () => {
  failsOnly(judged(evaluations({ fixed: all.slice(0, -1) })), /^the fix/);
  failsOnly(judged({ answers: { ...answers, fixed: 5.98 } }), /^the fix/);
});
test('an instance that has left is not joined, although its counter is in the window', () => {
  const [first, second, third] = members as [Member, Member, Member];
  const until = (samples: Sample[]) => samples.filter(([at]) => at < start + 40);
  const gone = {
    ...third,
    requests: until(third.requests),
    up: third.up.map(([at]): Sample => [at, at < start + 40 ? 1 : 0]),
    versions: { '1.0.0': until(third.versions['1.0.0']!) },
  };
  // 4 × (60.7 + 59.7) / 120.
  holds(judged({ members: [first, second, gone], answers: { ...answers, fixed: 4.013333333333334 } }));
});
test('a counter that is not what happened fails', () => {
  const truth = { ...members[0]!.truth!, requestsPerSecond: seconds.map(() => 5) };
  failsOnly(judged({ members: [{ ...members[0]!, truth }, ...members.slice(1)] }), /^what was stored is right/);
});

test('a version is there while the newest scrape had it', () => {
  const [, two] = members;
  const at = (second: number) => metSeveral(two!, start + second);
  assert.deepEqual([31, 32.4, 32.6, 33.1, 60.1, 62.4, 62.6, 63.1].map(at), [
    'no',
    'no',
    'maybe',
    'yes',
    'yes',
    'yes',
    'maybe',
    'no',
  ]);
});
test('the rules hold the queries and the names that the verdict speaks of', () => {
  const { groups } = parse(readFileSync(new URL('rules.yml', import.meta.url), 'utf8'));
  const rules: { record: string; expr: string }[] = groups[0].rules;
  const oneLine = (expr: string) => expr.replaceAll(/\(\s+|\s+\)/g, (bracket) => bracket.trim());
  assert.deepEqual(
    rules.map(({ record, expr }) => [record, oneLine(expr)]),
    [
      [recorded, joined(matching)],
      [recordedUnique, joined(unique)],
      [recordedCount, count],
    ],
  );
});
