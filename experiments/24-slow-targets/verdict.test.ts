import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Sample } from '../../lab/promql/sample.ts';
import { failsOnly, holds, labOf, said, sendsTo, truthOf } from '../../test/lessons/verdicts.ts';
import { check, type Measured, type Queue, scrapesFor, verdict } from './verdict.ts';

/** A period begins: short until second 4, long from 5 to 13, short again. */
const start = 1_800_000_000;
const jobsAt = (second: number) => {
  const level = Math.min(second % 18, 18 - (second % 18));
  return 100 + 100 * level + (level > 4 ? 700 : 0);
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
// In the window the samples of the slow one at 21.5, 33.5 and 36.5 are stored: 400, 400 and 100; of the fast one all.
const full: Measured = {
  window: { at: start + 38, windowSeconds: 18 },
  truth,
  slow: queue(2, true, {
    failing: [start + 30],
    // 750 in 15 s, extrapolated to both ends of the window.
    says: { max: 400, avg: 300, up: 3 / 6, increase: 900 },
  }),
  fast: queue(3, false, {
    long: [27, 30, 33].map((second) => start + second),
    says: { max: 1_700, avg: 900, up: 1, increase: 900 },
  }),
};
const judged = (change: { slow?: Partial<Queue>; fast?: Partial<Queue> } = {}) =>
  verdict({ ...full, slow: { ...full.slow, ...change.slow }, fast: { ...full.fast, ...change.fast } });
const says = (of: 'slow' | 'fast', change: Queue['says']) =>
  judged({ [of]: { says: { ...full[of].says, ...change } } });

test('what is stored is short, what is missing is long, and every figure is too low', () => {
  holds(judged());
  const [happened, stored, missing, max, avg, alert, up, counter] = said(judged());
  assert.match(happened!, /in 18 s .* up to 1700 jobs long, 900 on average, and over 1000 for 9 s; 900 jobs/);
  assert.match(stored!, /: 3 samples of exporter:8001, none of 1000 jobs or more$/);
  assert.match(missing!, /: 3 of 6 scrapes timed out after 1 s, all 3 that surely met over 1000 jobs among them$/);
  assert.match(max!, /says 400 of the slow one and 1700 of the fast one; it was 1700$/);
  assert.match(avg!, /says 300 of the slow one and 900 of the fast one; it was 900$/);
  assert.match(alert!, /fired at none of 6 evaluations of the slow one, and at 3 of the fast one$/);
  assert.match(up!, /: 50 % of the scrapes .* fired at 1 evaluation$/);
  assert.match(counter!, /says 900 of the slow one and 900 of the fast one$/);
});
test('a stored sample that is wrong fails, and so does one of a long queue', () => {
  const wrong = full.slow.jobs.map(([at, value]): Sample => [at, at === start + 33.5 ? 500 : value]);
  failsOnly(
    judged({ slow: { jobs: wrong, says: { ...full.slow.says, max: 500, avg: 1_000 / 3 } } }),
    /^what was stored is right/,
  );
  const long = [...full.slow.jobs, [start + 24.5, 1_400] as Sample].sort(([one], [other]) => one - other);
  const more = { ...full.slow.says, max: 1_400, avg: 2_300 / 4 };
  failsOnly(judged({ slow: { jobs: long, says: more } }), /^what was stored is right/);
});
test('a scrape that failed before its timeout fails, and so does one of the long queue that was answered', () => {
  const early = (at: number) => ({
    at,
    durationSeconds: at === start + 27.5 ? 0.2 : full.slow.scrapeAt(at).durationSeconds,
  });
  failsOnly(judged({ slow: { scrapeAt: early } }), /^what is missing/);
  const answered = full.slow.up.map(([at, value]): Sample => [at, at === start + 27.5 ? 1 : value]);
  failsOnly(judged({ slow: { up: answered, says: { ...full.slow.says, up: 4 / 6 } } }), /^what is missing/);
});
test('a figure that is not that of the stored samples fails, and so does one that is not too low', () => {
  failsOnly(says('slow', { max: 500 }), /^max_over_time/);
  failsOnly(says('fast', { max: 1_600 }), /^max_over_time/);
  failsOnly(says('slow', { avg: 301 }), /^avg_over_time/);
  failsOnly(says('fast', { avg: 901 }), /^avg_over_time/);
});
test('an alert of the slow one fails, and so does one of the fast one at another evaluation', () => {
  failsOnly(judged({ slow: { long: [start + 30] } }), /^QueueLong/);
  failsOnly(judged({ fast: { long: full.fast.long.slice(1) } }), /^QueueLong/);
  failsOnly(judged({ fast: { long: [...full.fast.long, start + 24] } }), /^QueueLong/);
  failsOnly(judged({ fast: { long: [], evaluations: [] } }), /^QueueLong/);
});
test('another share of up, or no alert on it, fails', () => {
  failsOnly(says('slow', { up: 1 }), /^what says so is up/);
  failsOnly(judged({ slow: { failing: [] } }), /^what says so is up/);
});
test('an increase that is not extrapolated from the stored samples fails', () => {
  failsOnly(says('slow', { increase: 750 }), /^a counter bridges/);
  failsOnly(says('fast', { increase: 750 }), /^a counter bridges/);
});
test('so many scrapes meet the queue at all its stages, and some intervals never do', () => {
  assert.deepEqual([1, 2, 5, 7, 10, 15, 30, 60].map(scrapesFor), [12, 7, 4, 3, 5, 5, 3, 3]);
  assert.deepEqual([9, 18, 36].map(scrapesFor), [undefined, undefined, undefined]);
});
test('a lab without a slow page is sent to the step', async () => {
  sendsTo(await check({} as never, labOf()));
});
