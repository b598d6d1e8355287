import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answering, intervals, judgedAt, type Plan, type Seen, settle } from '../../test/lessons/settle.ts';
import { failsOnly, holds, said, sendsTo, waits } from '../../test/lessons/verdicts.ts';
import { check } from './verdict.ts';

const start = 1_800_000_000;
const base = (scrapeSeconds: number, changes: Partial<Plan> = {}): Plan => ({
  scrapeSeconds,
  phaseSeconds: 0.37 * scrapeSeconds,
  lives: [{ from: start - 100, signal: 'random' }],
  prometheusStartedAt: start,
  until: start + 900,
  ...changes,
});
/** `make up CORES=8`, then `make up`. */
const fewer = (scrapeSeconds: number, changes: Partial<Plan> = {}) =>
  base(scrapeSeconds, {
    lives: [
      { from: start - 100, to: start + 200, signal: 'random', cores: 8 },
      { from: start + 201.3, signal: 'random', cores: 2 },
    ],
    ...changes,
  });

for (const interval of intervals) {
  test(`at ${interval} s it holds, also with slow scrapes, and right after there are fewer cores`, async () => {
    const durationOf = (n: number) => (n % 2 === 0 ? 0.9 : 0.01);
    for (const phase of [0.01, 0.37, 0.99]) {
      holds((await settle(check, base(interval, { phaseSeconds: phase * interval, durationOf }), start + 1)).verdict);
      const { verdict, at } = await settle(check, fewer(interval, { phaseSeconds: phase * interval }), start + 201.5);
      holds(verdict);
      assert.ok(at - start - 201 <= interval + 7, `${at - start - 201} s`);
      assert.equal(said(verdict).length, 5);
    }
  });
}

test('cores that a Prometheus of before has stored, and none has marked stale, are named', async () => {
  const plan = fewer(5, { prometheusStartedAt: start + 202, earlier: { from: start, scrapeSeconds: 5 } });
  const lives = [{ ...plan.lives[0]!, to: start + 201 }, plan.lives[1]!];
  const { verdict } = await settle(check, { ...plan, lives, isMissed: (n) => n > 39 && n < 45 }, start + 203);
  holds(verdict);
});
test('the words', async () => {
  const words = said((await settle(check, base(5), start + 60)).verdict);
  assert.match(words[0]!, /^one metric name, 2 cores, and 2 samples of it from the scrape at 08:00:56/);
  assert.match(words[1]!, /^each has a value of its own, and it is the true one: core1 [\d.]+, core2 [\d.]+$/);
});

const seen = async (change: (seen: Seen) => Seen) => (await settle(check, base(5), start + 60, change)).verdict;
test('a core without a sample fails', async () => {
  const verdict = await seen((all) => ({ ...all, lab: { ...all.lab, exporter: { ...all.lab.exporter!, cores: 3 } } }));
  failsOnly(verdict, /^one metric name, 3 cores, and 2 samples/);
});
test('a truth that says the opposite in every second fails', async () => {
  const verdict = await seen((all) =>
    answering(all, {
      truth: async (...range) => {
        const truth = await all.read.truth(...range);
        const opposite = ([core, values]: [string, number[]]) => [core, values.map((value) => 100 - value)];
        return { ...truth, cores: Object.fromEntries(Object.entries(truth.cores).map(opposite as never)) };
      },
    }),
  );
  failsOnly(verdict, /^each has a value of its own/);
});
const answer = (name: string) => (all: Seen) =>
  answering(all, {
    query: async (expr, when) =>
      (await all.read.query(expr, when)).map((series) =>
        expr.startsWith(name) ? { ...series, samples: [[when!, series.samples[0]![1] + 0.01]] } : series,
      ),
  });
test('an average, a sum or a matcher that says something else fails', async () => {
  failsOnly(await seen(answer('avg')), /^avg\(\) is/);
  failsOnly(await seen(answer('sum')), /^sum\(\) is/);
  failsOnly(await seen(answer('cpu_usage{core="core1"')), /picks one of them/);
});

test('the first scrape of this exporter is waited for', async () => {
  waits(await judgedAt(check, fewer(5), start + 201.5), 11, /^the first scrape of this exporter$/);
});
test('without its exporter the lab is sent to make up', async () => {
  const lives: Plan['lives'] = [{ from: start - 100, to: start + 20, signal: 'random' }];
  sendsTo(await judgedAt(check, base(5, { lives }), start + 60), 'make up');
});
