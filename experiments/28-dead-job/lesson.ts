import { alertNames, alertState } from '../../lab/model/alert-states.ts';
import type { Lesson } from '../../lab/model/lesson.ts';
import { bothTooCoarse } from '../../lab/model/measurable.ts';
import { exercises } from './exercise.ts';
import { byPut, hasBatch, lastSuccess, late, lateOrFailed, of, pushed, rows, success, workerRows } from './jobs.ts';
import { picture } from './picture.ts';
import { check } from './verdict.ts';

/** Each run has to be scraped before the next thing happens. */
const slowestSeconds = 5;

export const lesson: Lesson = {
  title: 'The dead job',
  chapter: 'Monitoring itself',
  minutes: 6,
  question: 'The last run of the nightly job was well. When was that?',
  change: 'own',
  requires: 'pushgateway',
  memoryMegabytes: 30,
  layer: 'producer',
  changes: 'a Pushgateway, and jobs that push to it: three runs of 1 000 rows, one that fails, and two workers',
  matters: 'what was pushed stays until the next push: of a job that died everything goes on to be well',
  todo: [
    'Query the rows and their increase: 1 000 and 0, though the runs did 3 000.',
    'Query the age of the last push: after the third run it only grows, while up and batch_success are 1.',
    '25 seconds after the start a run fails. Look which alert is RESOLVED by that.',
    'Type make kill SERVICE=pushgateway, then make start SERVICE=pushgateway: nothing of what was pushed is left.',
  ],
  queries: [
    {
      expr: of(rows, byPut),
      read: '1 000 at each scrape; nothing once the failed run has replaced it',
      noValue: 'at rest',
    },
    {
      expr: `increase(${of(rows, byPut)}[30s])`,
      read: '0: a counter that begins anew with each run never grows',
      noValue: 'at rest',
    },
    {
      expr: `time() - ${of(pushed, byPut)}`,
      read: 'how long ago the job pushed: what to alert on',
      noValue: 'at rest',
    },
    { expr: success, read: '1 until a run pushes something else, were it for years', noValue: 'at rest' },
    {
      expr: lastSuccess,
      read: 'the time of the last success: the failed run has deleted one of them by PUT',
      noValue: 'at rest',
    },
    {
      expr: `sum by (job) (${workerRows})`,
      read: '5 where the second worker has replaced the first; 12 with a group each',
      noValue: 'at rest',
    },
  ],
  expect:
    'increase() is 0 for 3 000 rows. BatchLate fires while the job is dead, and is RESOLVED when its next run fails.',
  insight:
    'A Pushgateway is a cache that forgets nothing and adds nothing up. Push totals of the job’s own, give each pusher a group, and alert on push_time_seconds: the Pushgateway writes it, so no push can delete it.',
  lookBack: '10m',
  panels: [
    {
      title: 'Rows: 1 000 stored of 3 000, and an increase of 0',
      kind: 'timeseries',
      targets: [
        { expr: of(rows, byPut), legend: 'rows stored', style: 'points' },
        { expr: `increase(${of(rows, byPut)}[30s])`, legend: 'increase of 30 s' },
      ],
      unit: 'count',
      width: 12,
      height: 8,
    },
    {
      title: 'Seconds since the last push, and since success',
      kind: 'timeseries',
      targets: [
        { expr: `time() - ${of(pushed, byPut)}`, legend: 'since the last push' },
        { expr: `time() - ${of(lastSuccess, byPut)}`, legend: 'since the last success: it ends' },
      ],
      unit: 'seconds',
      width: 12,
      height: 8,
    },
    {
      title: 'By PUT: late, and RESOLVED by a failure. The fix goes on: late, or failed',
      kind: 'timeline',
      targets: [alertState(late.alert), alertState(lateOrFailed.alert)],
      names: alertNames,
      unit: 'state',
      width: 24,
      height: 5,
    },
    {
      title: 'Two workers did 12 rows: one group keeps 5',
      kind: 'timeseries',
      targets: [{ expr: `sum by (job) (${workerRows})`, legend: '{{job}}' }],
      unit: 'count',
      width: 24,
      height: 5,
    },
  ],
  precondition: 'quiet',
  happensOnce: true,
  isActive: hasBatch,
  picture,
  exercises,
  tooCoarse: (intervals) =>
    Math.max(intervals.scrapeSeconds, intervals.evaluationSeconds) > slowestSeconds
      ? bothTooCoarse(28, intervals, ': the job is late for six seconds before its next run fails')
      : undefined,
  plan: {
    environment: { BATCH: 'pushgateway:9091' },
    rules: [late, lateOrFailed],
  },
  check,
};
