import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firedAt } from '../../lab/evidence/alerts.ts';
import type { Reader } from '../../lab/model/reader.ts';
import type { Sample, Series } from '../../lab/promql/sample.ts';
import { holdsAfterEarlier } from '../../test/lessons/earlier.ts';
import { fleetAfter, fleetStart } from '../../test/lessons/simulated.ts';
import { eachFails, holds, labOf, sendsTo, said as wordsOf } from '../../test/lessons/verdicts.ts';
import { exercises } from './exercise.ts';
import {
  byPost,
  byPut,
  everything,
  lastSuccess,
  late,
  lateOrFailed,
  pushed,
  rows,
  type Scrape,
  scrapesIn,
  success,
  workerRows,
} from './jobs.ts';
import { check, type Measured, verdict } from './verdict.ts';

const start = 1_800_000_000;
const run = (after: number, succeeded = true) => ({ at: start + after, rows: succeeded ? 1_000 : 0, succeeded });
const batch = {
  runs: [run(2), run(4), run(6), run(22, false)],
  rows: [],
  workers: [
    { worker: 'a', rows: 7, at: start + 3 },
    { worker: 'b', rows: 5, at: start + 4 },
  ],
};
type Values = Record<string, readonly number[]>;
const ended = (last: number | undefined): Values => ({
  [`${pushed} ${byPut}`]: [start + 22],
  [`${success} ${byPut}`]: [0],
  [`${success} ${byPost}`]: [0],
  ...(last !== undefined && { [`${lastSuccess} ${byPost}`]: [last] }),
});
const running: Values = {
  [`${pushed} ${byPut}`]: [start + 6.01],
  [`${rows} ${byPut}`]: [1_000],
  [`${success} ${byPut}`]: [1],
  [`${lastSuccess} ${byPut}`]: [start + 6],
  [`${lastSuccess} ${byPost}`]: [start + 6],
};
const scrape = (after: number, values: Values): Scrape => {
  const all: Values = { [`${workerRows} workers`]: [5], [`${workerRows} workers_apart`]: [7, 5], ...values };
  return { at: start + after, durationSeconds: 0.01, values: (metric, job) => all[`${metric} ${job}`] ?? [] };
};
const scrapes = (before = running, after = ended(start + 6)) => [
  ...[10, 15, 20].map((at) => scrape(at, before)),
  ...[25, 30].map((at) => scrape(at, after)),
];
const at = (...times: number[]) => times.map((time) => start + time);
const full: Measured = {
  batch,
  scrapes: scrapes(),
  alerts: {
    late: at(17, 22),
    lateByPost: at(17, 22, 27, 32),
    fixed: at(17, 22, 27, 32),
    fixedByPost: at(17, 22, 27, 32),
  },
  increase: { at: start + 20, windowSeconds: 11, says: 0, stored: [1_000, 1_000, 1_000] },
};
const judged = (change: Partial<Measured> = {}) => verdict({ ...full, ...change });
const withAlerts = (change: Partial<Measured['alerts']>) => judged({ alerts: { ...full.alerts, ...change } });
const withIncrease = (change: Partial<Measured['increase']>) => judged({ increase: { ...full.increase, ...change } });

test('everything goes on to say well, and a failure resolves the alert', () => {
  holds(judged());
  const [happened, increase, well, group, resolved, post, fix] = wordsOf(judged());
  assert.match(happened!, /runs at 08:00:02, 08:00:04 and 08:00:06, 3000 rows in all; none until 08:00:22/);
  assert.match(increase!, /\[11s\]\) is 0: .* all 3 samples are 1000\. The runs did 3000 rows$/);
  assert.match(well!, /^at 08:00:20 the last run is 14 s ago\. .* batch_success is 1: .* 08:00:06$/);
  assert.match(group!, /^two workers in one group: 5 of 12 rows, .* instance: 12$/);
  assert.match(
    resolved!,
    /^BatchLate fired from 08:00:17 to 08:00:22, .* at 08:00:27 it was RESOLVED because a run failed/,
  );
  assert.match(post!, /BatchLate goes on, 4 evaluations in a row$/);
  assert.match(fix!, /It fires at each of 4 evaluations/);
});

eachFails({
  'rows that grow fail': [
    /^increase\(/,
    withIncrease({ says: 2_000 }),
    withIncrease({ stored: [1_000, 2_000] }),
    withIncrease({ stored: [1_000] }),
    withIncrease({ says: undefined }),
  ],
  'a last run that is shown as failed, or as of another time, fails': [
    /the last run is 14 s ago/,
    judged({ scrapes: scrapes({ ...running, [`${success} ${byPut}`]: [0] }) }),
    judged({ scrapes: scrapes({ ...running, [`${pushed} ${byPut}`]: [start + 20] }) }),
    judged({ scrapes: scrapes({ ...running, [`${pushed} ${byPut}`]: [] }) }),
  ],
  'workers that do not replace each other fail': [
    /^two workers/,
    judged({ scrapes: scrapes({ ...running, [`${workerRows} workers`]: [7, 5] }) }),
    judged({ scrapes: scrapes({ ...running, [`${workerRows} workers_apart`]: [5] }) }),
  ],
  'an alert that fires otherwise than by the last success fails': [
    /^BatchLate fired/,
    withAlerts({ late: at(22) }),
    withAlerts({ late: at(17, 22, 27, 32) }),
    judged({ scrapes: scrapes(running, { ...ended(start + 6), [`${lastSuccess} ${byPut}`]: [start + 6] }) }),
  ],
  'an alert that ends by POST as well fails': [
    /^pushed by POST/,
    withAlerts({ lateByPost: at(17, 22) }),
    judged({ scrapes: scrapes(running, ended(undefined)) }),
    judged({ scrapes: scrapes(running, ended(start + 4)) }),
  ],
  'a fix that ends fails': [/^the fix/, withAlerts({ fixed: at(17, 22) }), withAlerts({ fixedByPost: at(17, 22, 32) })],
});

test('what is stored is put together by scrape, and a failed one is left out', () => {
  const stored = (name: string, job: string, values: number[], more = {}) => ({
    labels: { __name__: name, job, ...more },
    samples: values.map((value, index): [number, number] => [start + 5 * index, value]),
  });
  const all = [
    stored('up', 'pushgateway', [1, 0, 1]),
    stored('scrape_duration_seconds', 'pushgateway', [0.1, 10, 0.2]),
    stored(workerRows, 'workers_apart', [7, 7, 7], { instance: 'a' }),
    stored(workerRows, 'workers_apart', [5], { instance: 'b' }),
    stored('ALERTS', byPut, [1, 1], { alertname: 'BatchLate', alertstate: 'firing' }),
    stored('ALERTS', byPut, [1], { alertname: 'BatchLate', alertstate: 'pending' }),
    stored('ALERTS', byPost, [1], { alertname: 'BatchLate', alertstate: 'firing' }),
  ];
  const found = scrapesIn(all);
  assert.deepEqual(
    found.map((each) => [each.at - start, each.durationSeconds, each.values(workerRows, 'workers_apart')]),
    [
      [0, 0.1, [7, 5]],
      [10, 0.2, [7]],
    ],
  );
  assert.deepEqual(firedAt(all, { alertname: 'BatchLate', job: byPut }), at(0, 5));
  assert.match(everything, /pushgateway\|nightly\|nightly_post\|workers\|workers_apart/);
});
test('what an earlier Prometheus has stored of earlier jobs, and still shows, changes nothing', async () => {
  const plan = { environment: { BATCH: 'pushgateway:9091' }, rules: [late, lateOrFailed] };
  // It ended after the run that fails, and before it.
  for (const from of [start - 90, start - 60])
    await holdsAfterEarlier(check, plan, { from, start, left: { alertname: late.alert, job: byPost } });
});
test('a Pushgateway that ends before the story does is named, and one that ends after it costs nothing', async () => {
  const lab = await fleetAfter(90, { environment: { BATCH: 'pushgateway:9091' }, rules: [late, lateOrFailed] }, 5, 0.3);
  const now = fleetStart + 80;
  /** Not reachable from then on, or empty and of another process. */
  const judgedWith = async (change: (each: Series, at: Sample) => Sample[]) => {
    const read = lab.readAt(now);
    const samples: Reader['samples'] = async (...question) =>
      (await read.samples(...question)).map((each) => ({
        ...each,
        samples: each.samples.flatMap((sample) => change(each, sample)),
      }));
    return check({ ...read, samples }, lab.labAt(now));
  };
  const isOwn = ({ labels: { job, __name__: name } }: Series) => job === 'pushgateway' && name !== 'ALERTS';
  const silentFrom = (from: number) =>
    judgedWith((each, [at, value]) => {
      if (at < fleetStart + from) return [[at, value]];
      return each.labels.__name__ === 'up' ? [[at, 0]] : [];
    });
  const restartedFrom = (from: number) =>
    judgedWith((each, [at, value]) => {
      if (at < fleetStart + from) return [[at, value]];
      if (!isOwn(each)) return [];
      return [[at, each.labels.__name__ === 'process_start_time_seconds' ? fleetStart + from - 1 : value]];
    });
  holds(await judgedWith((_, sample) => [sample]));
  for (const judgement of [await silentFrom(18), await restartedFrom(18)]) sendsTo(judgement);
  assert.match(JSON.stringify(await silentFrom(18)), /the Pushgateway did not answer the scrape of 22:13:\d\d"/);
  assert.match(
    JSON.stringify(await restartedFrom(18)),
    /the Pushgateway was started again at 22:13:37, and what had been pushed before is lost/,
  );
  assert.match(JSON.stringify(await silentFrom(0)), /the Pushgateway has answered no scrape since the jobs push/);
  holds(await silentFrom(45));
  holds(await restartedFrom(45));
});
test('a lab whose jobs push nothing is sent to the step', async () => {
  sendsTo(await check({} as never, labOf()));
});
test('an exercise waits for the scrapes that it is judged between, and sends nobody elsewhere meanwhile', async () => {
  for (const scrapeSeconds of [1, 5]) {
    const lab = await fleetAfter(60, { environment: { BATCH: 'pushgateway:9091' } }, scrapeSeconds, 0.3);
    for (const { expected } of exercises) {
      const kinds: string[] = [];
      for (let now = fleetStart + 8; now < fleetStart + 60; now += 1)
        kinds.push((await expected(lab.readAt(now), lab.labAt(now))).kind);
      const known = kinds.indexOf('known');
      assert.deepEqual([...new Set(kinds.slice(0, known))], ['wait']);
      assert.deepEqual([...new Set(kinds.slice(known))], ['known']);
    }
  }
});
