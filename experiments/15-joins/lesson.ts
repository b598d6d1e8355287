import { instancesIn } from '../../lab/evidence/fleet.ts';
import { upOf } from '../../lab/model/alert-states.ts';
import { seconds } from '../../lab/model/format.ts';
import type { Lesson } from '../../lab/model/lesson.ts';
import { fleet } from '../../lab/model/shared-state.ts';
import { exercises } from './exercise.ts';
import { count, join, joined, matching, recorded, recordedCount, recordedUnique, unique } from './join.ts';
import { picture } from './picture.ts';
import { check } from './verdict.ts';

export const lesson: Lesson = {
  title: 'Joins',
  chapter: 'Fleets',
  minutes: 7,
  question: 'The graph of traffic by version goes flat at every deploy, for the whole fleet. Why?',
  change: 'own',
  layer: 'producer',
  changes: 'three instances, one of which exposes two versions for 30 s, 30 s after the start',
  matters: 'a join needs one match per series: one instance with two makes the whole query fail',
  todo: [
    'Graph the recorded traffic by version: during the deploy it is flat, as if nothing had changed.',
    'Query the join itself as a table during the deploy: Prometheus returns an error, and names the duplicate series. As a graph it stays an error until the deploy has left the graph’s range.',
    'Graph the number of versions per instance: that is what to alert on.',
  ],
  queries: [
    {
      expr: 'build_info',
      read: 'the version is a label, the value is always 1; during the deploy an instance has two',
      noValue: 'at rest',
    },
    {
      expr: join(matching),
      read: 'the join: an error while an instance has two versions, and as a graph while the deploy is in its range',
      noValue: 'at rest',
    },
    {
      expr: recorded,
      read: 'what a rule records with it: during the deploy nothing, and the last value is shown',
      noValue: 'at rest',
    },
    { expr: unique, read: 'the fix, in place of build_info: one version per instance', noValue: 'at rest' },
    { expr: recordedUnique, read: 'what a rule records with the fix: no gap', noValue: 'at rest' },
    { expr: count, read: 'what to alert on: at more than 1 the first join fails', noValue: 'at rest' },
    {
      expr: 'sum(increase(prometheus_rule_evaluation_failures_total[5m]))',
      read: 'how many rule evaluations failed: Prometheus counts them, and shows the last value meanwhile',
    },
  ],
  expect:
    'For 30 s nothing is recorded for any instance, and the graph shows the last values. The fixed join keeps recording.',
  insight:
    'One duplicate on the “one” side of a join makes the whole query fail. Make the match unique with topk by (job, instance) (1, …), and alert where count by (job, instance) is over 1.',
  lookBack: '10m',
  panels: [
    {
      title: 'Traffic by version: flat while one instance has two',
      kind: 'timeseries',
      targets: [{ expr: recorded, legend: '{{version}}', style: 'points' }],
      unit: 'requests per second',
      width: 12,
      height: 9,
    },
    {
      title: 'The same with one version per instance: no gap',
      kind: 'timeseries',
      targets: [{ expr: recordedUnique, legend: '{{version}}', style: 'points' }],
      unit: 'requests per second',
      width: 12,
      height: 9,
    },
    {
      title: 'Versions per instance: at more than 1 the join fails',
      kind: 'timeline',
      targets: [upOf(recordedCount)],
      names: { 1: { text: 'one version', colour: 'green' }, 2: { text: 'two versions', colour: 'red' } },
      unit: 'state',
      width: 12,
      height: 8,
    },
    {
      title: 'Failed evaluations since Prometheus started',
      kind: 'timeseries',
      targets: [{ expr: 'sum(prometheus_rule_evaluation_failures_total)', legend: 'failed', style: 'steps' }],
      unit: 'count',
      lastValue: true,
      width: 12,
      height: 8,
    },
  ],
  picture,
  exercises,
  // By way of the base: no version of another fleet is shown.
  precondition: 'scraped',
  happensOnce: true,
  measuredIn: fleet,
  isActive: (lab) => instancesIn(lab).some(({ simulates }) => simulates.includes('deploy')),
  tooCoarse: ({ scrapeSeconds }) =>
    scrapeSeconds > 30
      ? {
          reason: `at a scrape every ${seconds(scrapeSeconds)} the half minute in which two versions are there may pass between two scrapes`,
          type: 'make exp-15 SCRAPE_INTERVAL=5s',
          isByChance: true,
        }
      : undefined,
  plan: {
    environment: { INSTANCES: '3', DEPLOY: '30s@1h', DEPLOY_2: '30s@30s' },
    rules: [
      { record: recorded, expr: joined(matching) },
      { record: recordedUnique, expr: joined(unique) },
      { record: recordedCount, expr: count },
    ],
  },
  check,
};
