import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answering, intervals, judgedAt, type Plan, type Seen, settle } from '../../test/lessons/settle.ts';
import { every, failsOnly, holds, said, sendsTo, waits } from '../../test/lessons/verdicts.ts';
import { lagSeconds } from './lines.ts';
import { latestStep, nextWholeStep } from './step.ts';
import { check } from './verdict.ts';

/** A quarter of an hour, at which the traffic steps. */
const quarter = 1_800_000_000;
const begun = quarter + 130;

/** A lab that has just begun, with an hour of history. */
const fresh = (scrapeSeconds: number, changes: Partial<Plan> = {}): Plan => ({
  scrapeSeconds,
  phaseSeconds: 0.37 * scrapeSeconds,
  lives: [{ from: begun - 2, signal: 'random' }],
  prometheusStartedAt: begun,
  historyFrom: begun - 3_600,
  until: begun + 3_000,
  ...changes,
});
/** One that has run for an hour and begun without any. */
const live = (scrapeSeconds: number, changes: Partial<Plan> = {}): Plan => {
  const from = quarter - 3_600.3;
  const { historyFrom: _, ...plan } = fresh(scrapeSeconds, {
    lives: [{ from, signal: 'random' }],
    prometheusStartedAt: from + 1,
  });
  return { ...plan, ...changes };
};
const soon = begun + 61;

for (const interval of intervals) {
  test(`at ${interval} s the history of a new lab holds a whole step`, async () => {
    const { verdict, at } = await settle(check, fresh(interval), soon);
    holds(verdict);
    assert.equal(at, soon);
    assert.match(said(verdict).at(-1)!, /never scraped: they are from the simulated history/);
  });
  for (const seed of [1, 7, 2_027]) {
    test(`at ${interval} s, seed ${seed}, scraped live, it holds`, async () => {
      const lives: Plan['lives'] = [{ from: quarter - 3_600.3, signal: 'random', seed }];
      const durationOf = (n: number) => (n % 9 === 4 ? 0.6 : 0.008);
      const { verdict } = await settle(check, live(interval, { lives, durationOf }), soon);
      holds(verdict);
      assert.doesNotMatch(said(verdict).at(-1)!, /never scraped/);
    });
  }
}

test('what is said at 5 s: the lag is about half of each window', async () => {
  const words = said((await settle(check, live(5), soon)).verdict);
  assert.match(words[0]!, /^at 07:45:00 the traffic stepped from 4/);
  assert.match(words[1]!, /^\[10s\] follows the step: half of the way after (5|10) s, and it wavers by ±1\.\d+\/s$/);
  assert.match(
    words[2]!,
    /^\[1m\] follows the step: half of the way after (25|30|35|40) s, and it wavers by ±0\.\d+\/s$/,
  );
  assert.match(
    words[3]!,
    /^\[10m\] follows the step: half of the way after (2[89]|3[012])\d s, and it wavers by ±0\.\d+\/s$/,
  );
  assert.match(words[4]!, /^the longer the window, the calmer and the later: \[10s\]/);
  assert.equal(
    words[5],
    'rate(requests_total[5s]) says nothing: a window of one scrape interval holds 1 sample, and a rate needs two',
  );
});
test('what is said at slow scrapes', async () => {
  const words = async (interval: number) => said((await settle(check, live(interval), soon)).verdict);
  assert.equal((await words(15))[1], '[10s] says nothing: at a scrape every 15 s it holds one sample at most');
  assert.equal((await words(60))[2], '[1m] says nothing: at a scrape every 60 s it holds one sample at most');
  assert.match((await words(60))[4]!, /^half of the way, and noise: \[10m\]/);
});

const seen = async (change: (seen: Seen) => Seen) => (await settle(check, live(5), soon, change)).verdict;
const lineOf = (window: string, change: (value: number, at: number) => number) => (seen: Seen) =>
  answering(seen, {
    range: async (expr, ...rest) =>
      (await seen.read.range(expr, ...rest)).map(({ labels, samples }) => ({
        labels,
        samples: samples.map(([at, value]) => [at, expr.includes(`[${window}]`) ? change(value, at) : value] as const),
      })),
  });
test('a line that is not the extrapolation of its samples fails', async () => {
  failsOnly(await seen(lineOf('1m', (value, at) => (at === quarter - 900 + 500 ? value + 0.001 : value))), /^\[1m\]/);
});
test('a long window that is noisier than a short one fails the order too', async () => {
  const verdict = await seen(lineOf('10m', (value, at) => value + (at % 2 === 0 ? 2 : -2)));
  assert.deepEqual(
    verdict.kind === 'measured' && verdict.findings.map((finding) => 'claim' in finding && finding.holds),
    [true, true, true, false, false, true],
  );
});
test('a truth with other requests fails the step alone', async () => {
  const verdict = await seen((all) =>
    answering(all, {
      truth: async (from, to) => {
        const truth = await all.read.truth(from, to);
        return { ...truth, requestsPerSecond: truth.requestsPerSecond.map((arrived) => arrived + 1) };
      },
    }),
  );
  failsOnly(verdict, /^at 07:45:00 the traffic stepped/);
});
test('a rate over one scrape interval that is invented fails', async () => {
  const verdict = await seen((all) => answering(all, { query: async () => [{ labels: {}, samples: [[soon, 4]] }] }));
  failsOnly(verdict, /says 4\/s: a window of one scrape interval holds 1 sample/);
});

const words = /^a whole step in traffic, ten minutes before it and fifteen after, in which the exporter is not/;
test('without a stored step it says when the first whole one will be there, to the second', async () => {
  // Begun 100 s before a quarter: the first with ten minutes before it is the next but one.
  const late = live(5, {
    lives: [{ from: quarter + 800, signal: 'random' }],
    prometheusStartedAt: quarter + 801,
    until: quarter + 3_000,
  });
  waits(await judgedAt(check, late, quarter + 850), 1_800 + 895 + 11 - 850, words);
  // Begun 11 minutes before one: that one.
  const early = live(5, { lives: [{ from: quarter + 240, signal: 'random' }], prometheusStartedAt: quarter + 241 });
  waits(await judgedAt(check, early, quarter + 850), 900 + 895 + 11 - 850, words);
  const { announced, at, verdict } = await settle(check, early, quarter + 850);
  holds(verdict);
  assert.ok(at - (quarter + 850) <= announced + 1, `${at - quarter - 850} s, announced ${announced}`);
});
test('what an exporter of another seed has reported or exposed is another world', async () => {
  const plan = live(5, {
    lives: [
      { from: quarter - 3_600, to: begun, signal: 'random', seed: 1 },
      { from: begun + 1, signal: 'random', seed: 7 },
    ],
  });
  waits(await judgedAt(check, plan, begun + 60), 900 + 895 + 11 - 130 - 60, words);
});
test('after hours of other lessons the step is one of the history that the lab began with', async () => {
  const hours = 10_800;
  const begin = quarter - hours;
  const lives = Array.from({ length: hours / 420 }, (_, index) => ({
    from: begin - 2 + 421 * index,
    to: begin - 2 + 421 * index + 420,
    signal: index % 2 === 0 ? 'random' : 'high',
  }));
  const plan = { scrapeSeconds: 5, phaseSeconds: 1.85, lives, prometheusStartedAt: begin, historyFrom: begin - 3_600 };
  const verdict = await judgedAt(check, { ...plan, until: quarter }, begin - 2 + 421 * (lives.length - 1) + 60);
  holds(verdict);
  assert.match(said(verdict).at(-1)!, /never scraped: they are from the simulated history/);
});
test('another signal of the same seed has the same traffic', async () => {
  const plan = live(5, {
    lives: [
      { from: quarter - 3_600, to: begun, signal: 'random' },
      { from: begun + 1, signal: 'high' },
    ],
  });
  holds(await judgedAt(check, plan, begun + 60));
});
test('without its exporter the lab is sent to make up', async () => {
  sendsTo(
    await judgedAt(check, live(5, { lives: [{ from: quarter - 3_600, to: begun, signal: 'random' }] }), soon),
    'make up',
  );
});
test('the lag of a step down is measured too', () => {
  assert.equal(lagSeconds(every(5, quarter, [12, 9, 7.9, 4]), quarter, 12, 4), 10);
  assert.equal(lagSeconds(every(5, quarter, [12, 9]), quarter, 12, 4), undefined);
});
test('a step with a gap after it is passed over for an older one, whatever the interval it was stored at', () => {
  const hour = every(
    5,
    quarter - 3_600,
    Array.from({ length: 720 }, (_, index) => index),
  );
  assert.deepEqual(latestStep(hour, quarter + 6), { at: quarter - 900, intervalSeconds: 5 });
  const broken = hour.filter(([at]) => at < quarter - 600 || at > quarter - 500);
  assert.deepEqual(latestStep(broken, quarter + 6), { at: quarter - 1_800, intervalSeconds: 5 });
  assert.equal(nextWholeStep(broken, quarter, 5), quarter + 900 + 895 + 11);
});
