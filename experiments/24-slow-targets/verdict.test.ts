import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Sample } from '../../lab/promql/sample.ts';
import { failsOnly, holds, labOf, said, sendsTo, truthOf } from '../../test/lessons/verdicts.ts';
import { check, type Measured, type Queue, scrapesFor, verdict } from './verdict.ts';

/** A period begins: short until second 6, long from 7 to 17, short again. */
const start = 1_800_000_000;
const jobsAt = (second: number) => {
  const level = Math.min(second % 24, 24 - (second % 24));
  return 100 + 100 * level + (level > 6 ? 500 : 0);
};
const seconds = Array.from({ length: 60 }, (_, index) => index);
const truth = truthOf({
  instants: seconds.map((second) => start + second),
  jobs: {
    waiting: seconds.map(jobsAt),
    done: seconds.map((second) => 50 * second),
    secondsPerJob: 0.001,
    timeoutSeconds: 1,
  },
});

/** Scraped every 3 s from second 12.5 on, evaluated half a second before each. */
const scraped = Array.from({ length: 9 }, (_, index) => 12.5 + 3 * index);
const samples = (times: readonly number[], value: (second: number) => number): Sample[] =>
  times.map((second) => [start + second, value(second)]);
const isLong = (second: number) => jobsAt(Math.floor(second)) > 1_000;
const queue = (number: number, isSlow: boolean, parts: Partial<Queue>): Queue => {
  const answered = scraped.filter((second) => !isSlow || !isLong(second));
  return {
    instance: `exporter:${7_999 + number}`,
    job: 'my_app',
    number,
    series: [],
    requests: [],
    up: samples(scraped, (second) => (isSlow && isLong(second) ? 0 : 1)),
    scrapeAt: (at) => ({
      at,
      durationSeconds: isSlow ? Math.min(1.001, 0.005 + jobsAt(Math.floor(at - start)) / 1_000) : 0.005,
    }),
    jobs: samples(answered, (second) => jobsAt(Math.floor(second))),
    done: samples(answered, (second) => 50 * Math.floor(second)),
    evaluations: scraped.map((second) => start + second + 2.5),
    long: [],
    failing: [],
    says: {},
    ...parts,
  };
};
// Of the slow one the samples from 18.5 to 30.5 are stored: 700, 400, 100, 400, 700; of the fast one all.
const full: Measured = {
  window: { at: start + 38, windowSeconds: 24 },
  truth,
  slow: queue(2, true, {
    failing: [start + 30],
    // 600 in 12 s, carried by half an interval at either end.
    says: { max: 700, avg: 460, up: 5 / 8, increase: 750 },
  }),
  fast: queue(3, false, {
    long: [15, 18, 36].map((second) => start + second),
    says: { max: 1_800, avg: 887.5, up: 1, increase: 1_200 },
  }),
};
const judged = (change: { slow?: Partial<Queue>; fast?: Partial<Queue> } = {}) =>
  verdict({ ...full, slow: { ...full.slow, ...change.slow }, fast: { ...full.fast, ...change.fast } });
const says = (of: 'slow' | 'fast', change: Queue['says']) =>
  judged({ [of]: { says: { ...full[of].says, ...change } } });

test('what is stored is short, what is missing is long, and every figure is too low', () => {
  holds(judged());
  const [happened, stored, missing, max, avg, alert, up, counter] = said(judged());
  assert.match(happened!, /in 24 s .* up to 1800 jobs long, 929 on average, and over 1000 for 11 s; 1,200 jobs/);
  assert.match(stored!, /: 5 samples of exporter:8001, none of 1000 jobs or more$/);
  assert.match(missing!, /: 3 of 8 scrapes timed out after 1 s, all 3 that surely met over 1000 jobs among them$/);
  assert.match(max!, /says 700 of the slow one and 1800 of the fast one; it was 1800$/);
  assert.match(avg!, /says 460 of the slow one and 888 of the fast one; it was 929$/);
  assert.match(alert!, /fired at none of 8 evaluations of the slow one, and at 3 of the fast one$/);
  assert.match(up!, /: 62.5 % of the scrapes .* fired at 1 evaluation$/);
  assert.match(counter!, /says 750 of the slow one and 1,200 of the fast one$/);
});
test('a stored sample that is wrong fails, and so does one of a long queue', () => {
  const wrong = full.slow.jobs.map(([at, value], index): Sample => [at, index === 1 ? 500 : value]);
  failsOnly(judged({ slow: { jobs: wrong, says: { ...full.slow.says, avg: 480 } } }), /^what was stored is right/);
  const long: Sample[] = [[start + 15.5, 1_500], ...full.slow.jobs];
  const more = { ...full.slow.says, max: 1_500, avg: 3_800 / 6 };
  failsOnly(judged({ slow: { jobs: long, says: more } }), /^what was stored is right/);
});
test('a scrape that failed before its timeout fails, and so does one of the long queue that was answered', () => {
  const early = (at: number) => ({
    at,
    durationSeconds: at === start + 33.5 ? 0.2 : full.slow.scrapeAt(at).durationSeconds,
  });
  failsOnly(judged({ slow: { scrapeAt: early } }), /^what is missing/);
  const answered = full.slow.up.map(([at, value]): Sample => [at, at === start + 33.5 ? 1 : value]);
  failsOnly(judged({ slow: { up: answered, says: { ...full.slow.says, up: 6 / 8 } } }), /^what is missing/);
});
test('a figure that is not that of the stored samples fails, and so does one that is not too low', () => {
  failsOnly(says('slow', { max: 600 }), /^max_over_time/);
  failsOnly(says('fast', { max: 1_700 }), /^max_over_time/);
  failsOnly(says('slow', { avg: 461 }), /^avg_over_time/);
  failsOnly(says('fast', { avg: 888 }), /^avg_over_time/);
});
test('an alert of the slow one fails, and so does one of the fast one at another evaluation', () => {
  failsOnly(judged({ slow: { long: [start + 36] } }), /^QueueLong/);
  failsOnly(judged({ fast: { long: full.fast.long.slice(1) } }), /^QueueLong/);
  failsOnly(judged({ fast: { long: [...full.fast.long, start + 24] } }), /^QueueLong/);
  failsOnly(judged({ fast: { long: [], evaluations: [] } }), /^QueueLong/);
});
test('another share of up, or no alert on it, fails', () => {
  failsOnly(says('slow', { up: 1 }), /^what says so is up/);
  failsOnly(judged({ slow: { failing: [] } }), /^what says so is up/);
});
test('an increase that is not extrapolated from the stored samples fails', () => {
  failsOnly(says('slow', { increase: 1_200 }), /^a counter bridges/);
  failsOnly(says('fast', { increase: 750 }), /^a counter bridges/);
});
test('so many scrapes meet the queue at all its stages, and some intervals never do', () => {
  assert.deepEqual([1, 2, 5, 7, 10, 15, 20, 30].map(scrapesFor), [16, 9, 4, 4, 5, 3, 5, 4]);
  assert.deepEqual([12, 24, 36, 60].map(scrapesFor), [undefined, undefined, undefined, undefined]);
});
test('a lab without a slow page is sent to the step', async () => {
  sendsTo(await check({} as never, labOf()));
});
