import { instancesIn } from '../../lab/evidence/fleet.ts';
import type { Lesson } from '../../lab/model/lesson.ts';
import { fleet } from '../../lab/model/shared-state.ts';
import { exercises } from './exercise.ts';
import { count, healed, join, matching, recorded, recordedCount, recordedHealed } from './join.ts';
import { picture } from './picture.ts';
import { check } from './verdict.ts';

export const lesson: Lesson = {
  title: 'Joins',
  chapter: 'Fleets',
  minutes: 7,
  question: 'The traffic by version freezes at every deploy, for the whole fleet. Why?',
  change: 'own',
  layer: 'producer',
  changes: 'three instances, one of which shows two versions for half a minute, half a minute after the start',
  matters: 'a join needs one match for each series: a single instance with two takes the answer away for all',
  todo: [
    'Graph the recorded traffic by version: during the deploy it is flat, as if nothing had changed.',
    'Ask for the join itself while two versions are there: Prometheus refuses it, and says which series are in the way.',
    'Graph the number of versions of each instance: that is what an alert should watch.',
  ],
  queries: [
    {
      expr: 'build_info',
      read: 'the version is a label, the value is always 1; during the deploy an instance has two',
    },
    { expr: join(matching), read: 'the join: an error while an instance has two versions' },
    { expr: recorded, read: 'what a rule records of it: during the deploy nothing, and the old value is shown' },
    { expr: healed, read: 'the cure, in the place of build_info: of several versions of an instance, one' },
    { expr: recordedHealed, read: 'what a rule records with it: it goes on' },
    { expr: count, read: 'what to watch: more than 1, and the first join fails' },
    {
      expr: 'sum(increase(prometheus_rule_evaluation_failures_total[5m]))',
      read: 'how many evaluations failed: Prometheus counts them, and shows the old value meanwhile',
    },
  ],
  expect:
    'For half a minute nothing is recorded of any instance, and the graph shows the old values. The healed one goes on.',
  insight:
    'One duplicate on the one side of a join takes the whole answer away. Make the match unique, with topk by (job, instance) (1, …), and alert where count by (job, instance) is over 1.',
  lookBack: '5m',
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
      title: 'The same with one version of each instance: it goes on',
      kind: 'timeseries',
      targets: [{ expr: recordedHealed, legend: '{{version}}', style: 'points' }],
      unit: 'requests per second',
      width: 12,
      height: 9,
    },
    {
      title: 'Versions of each instance: more than 1, and the join fails',
      kind: 'timeseries',
      targets: [{ expr: recordedCount, legend: '{{instance}}' }],
      unit: 'count',
      width: 12,
      height: 8,
    },
    {
      title: 'Failed evaluations: Prometheus counts them',
      kind: 'timeseries',
      targets: [{ expr: 'sum(increase(prometheus_rule_evaluation_failures_total[1m]))', legend: 'failed in a minute' }],
      unit: 'count',
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
  inForce: (lab) => instancesIn(lab).some(({ plays }) => plays.includes('deploy')),
  check,
};
