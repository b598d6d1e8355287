import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Sample } from '../../lab/promql/sample.ts';
import { measuredIn } from '../../test/lessons/measured.ts';
import { eachFails, holds, labOf, said, sendsTo } from '../../test/lessons/verdicts.ts';
import { lesson } from './lesson.ts';
import { check, measure, type Queue, scrapesFor, verdict } from './verdict.ts';

const full = await measuredIn(lesson, measure);
const { slow, fast } = full;
const judged = (change: { slow?: Partial<Queue>; fast?: Partial<Queue> } = {}) =>
  verdict({ ...full, slow: { ...slow, ...change.slow }, fast: { ...fast, ...change.fast } });
const slowSays = (change: Partial<Queue['says']>) => judged({ slow: { says: { ...slow.says, ...change } } });
const fastSays = (change: Partial<Queue['says']>) => judged({ fast: { says: { ...fast.says, ...change } } });
const withValue = (samples: readonly Sample[], at: number, value: number) =>
  samples.map((sample): Sample => (sample[0] === at ? [at, value] : sample));
const { at: until, windowSeconds } = full.window;
/** A scrape in the window that failed, while the queue was long, and the last one that was answered. */
const [, failedAt] = slow.up.flatMap(([at, value]) => (value === 0 && at > until - windowSeconds ? [at] : []));
const [answeredAt] = slow.jobs.at(-1)!;

test('what is stored is short, what is missing is long, and every figure is too low', () => {
  holds(judged());
  const [happened, stored, missing, max, avg, alert, up, counter] = said(judged());
  assert.match(happened!, /in 36 s .* up to 1700 jobs long, 900 on average, and over 1000 for 18 s; 1,800 jobs/);
  assert.match(stored!, /: 4 samples of exporter:8001, none of 1000 jobs or more$/);
  assert.match(missing!, /: 3 of 7 scrapes timed out after 1 s, all 3 that surely met over 1000 jobs among them$/);
  assert.match(max!, /says 500 of the slow one and 1700 of the fast one; it was 1700$/);
  assert.match(avg!, /says 350 of the slow one and 857 of the fast one; it was 900$/);
  assert.match(alert!, /fired at none of 7 evaluations of the slow one, and at 3 of the fast one$/);
  assert.match(up!, /: 57\.1 % of the scrapes .* fired at 4 evaluations$/);
  // 1250 in 25 s: half a mean interval of 8.33 s more at the beginning, and 1.1 s at the end.
  assert.match(counter!, /says 1,513 of the slow one and 1,800 of the fast one$/);
});

/** The stored samples of the slow one, and the figures that follow from them. */
const storedAs = (jobs: readonly Sample[], says: Partial<Queue['says']>) =>
  judged({ slow: { jobs: [...jobs], says: { ...slow.says, ...says } } });
eachFails({
  'a stored sample that is wrong fails, and so does one of a long queue': [
    /^what was stored is right/,
    storedAs(withValue(slow.jobs, answeredAt, 100), { max: 400, avg: 250 }),
    storedAs([...slow.jobs.slice(0, 2), [failedAt!, 1_400], ...slow.jobs.slice(2)], { max: 1_400, avg: 560 }),
  ],
  'a scrape that failed before its timeout fails, and so does one of the long queue that was answered': [
    /^what is missing/,
    judged({
      slow: { scrapeAt: (at) => ({ ...slow.scrapeAt(at), ...(at === failedAt && { durationSeconds: 0.2 }) }) },
    }),
    judged({ slow: { up: withValue(slow.up, failedAt!, 1), says: { ...slow.says, up: 5 / 7 } } }),
  ],
  'a maximum that is not that of the stored samples fails': [
    /^max_over_time/,
    slowSays({ max: 1_700 }),
    fastSays({ max: 1_600 }),
  ],
  'so does an average': [/^avg_over_time/, slowSays({ avg: 351 }), fastSays({ avg: 900 })],
  'an alert of the slow one fails, and so does one of the fast one at another evaluation': [
    /^QueueLong/,
    judged({ slow: { long: [fast.long[0]!] } }),
    judged({ fast: { long: fast.long.slice(1) } }),
    judged({ fast: { long: [...fast.long, fast.evaluations.at(-1)!] } }),
    judged({ fast: { long: [], evaluations: [] } }),
  ],
  'another share of up, or no alert on it, fails': [
    /^what says so is up/,
    slowSays({ up: 1 }),
    judged({ slow: { failing: [] } }),
  ],
  'an increase that is not extrapolated from the stored samples fails': [
    /^a counter bridges/,
    slowSays({ increase: 1_250 }),
    fastSays({ increase: 1_750 }),
  ],
});
test('so many scrapes meet the queue at all its stages, and some intervals never do', () => {
  assert.deepEqual([1, 2, 5, 7, 10, 15, 30, 60].map(scrapesFor), [12, 7, 4, 3, 5, 5, 3, 3]);
  assert.deepEqual([9, 18, 36].map(scrapesFor), [undefined, undefined, undefined]);
});
test('a lab without a slow page is sent to the step', async () => {
  sendsTo(await check({} as never, labOf()));
});
