import { instancesIn } from '../../lab/evidence/fleet.ts';
import { alertStates } from '../../lab/model/alert-states.ts';
import type { Lesson } from '../../lab/model/lesson.ts';
import { fleet } from '../../lab/model/shared-state.ts';
import { comparisons } from './comparisons.ts';
import { exercises } from './exercise.ts';
import { picture } from './picture.ts';
import { dated, lazy, window, zeroed } from './twins.ts';
import { check } from './verdict.ts';

const increase = (metric: string) => `increase(${metric}[${window}])`;

export const lesson: Lesson = {
  title: 'First error',
  chapter: 'Alerts',
  minutes: 6,
  question: 'Five requests failed and the alert is right. Why did nobody hear of it?',
  change: 'own',
  layer: 'producer',
  changes: 'five errors in one second, 40 s after the start, and none before',
  matters:
    'client libraries make the series of a label when it is first used, so the first errors of each kind are lost',
  todo: [
    'Wait for the errors, then graph the increase of the three counters: they count the same five errors.',
    'Look at Alerts: one of the three alerts stays inactive.',
    'Look at the inbox of the guide: two notifications arrive, not three.',
  ],
  queries: [
    { expr: lazy.metric, read: 'no series before the first error, then 5 from its first sample on' },
    { expr: increase(lazy.metric), read: '0: between two samples of 5 nothing happened' },
    { expr: increase(zeroed.metric), read: 'about 5: this one was exposed as 0 from the start' },
    { expr: increase(dated.metric), read: 'about 5: born late, but it told when, and Prometheus put a 0 there' },
    { expr: 'ALERTS{alertname=~"Errors.*"}', read: 'the alerts on these: two fire, ErrorsLazy does not' },
  ],
  expect: 'Five errors on two of three counters. The alert on the third never fires: its increase is 0.',
  insight:
    'An increase needs a sample from before. Expose every counter as 0 when the process starts, for each label value you know; only that, or a creation time, makes the first error count.',
  lookBack: '5m',
  panels: [
    {
      title: 'The same five errors: one counter has no 0 to rise from',
      kind: 'timeseries',
      targets: [
        { expr: lazy.metric, legend: 'born with the errors', style: 'points' },
        { expr: zeroed.metric, legend: '0 from the start', style: 'points' },
      ],
      unit: 'count',
      width: 12,
      height: 9,
    },
    {
      title: 'Errors of the last minute: of the late counter, none',
      kind: 'timeseries',
      targets: [
        { expr: increase(lazy.metric), legend: 'born with the errors' },
        { expr: increase(zeroed.metric), legend: '0 from the start' },
        { expr: increase(dated.metric), legend: 'born late, but dated' },
      ],
      unit: 'count',
      width: 12,
      height: 9,
    },
    {
      title: 'The alert on the late counter stays inactive',
      kind: 'timeline',
      targets: alertStates(lazy.alert),
      unit: 'state',
      width: 12,
      height: 6,
    },
    {
      title: 'The alert on the one that was 0 from the start fires',
      kind: 'timeline',
      targets: alertStates(zeroed.alert),
      unit: 'state',
      width: 12,
      height: 6,
    },
  ],
  precondition: 'quiet',
  picture,
  exercises,
  comparisons,
  happensOnce: true,
  measuredIn: fleet,
  inForce: (lab) => instancesIn(lab).some(({ plays }) => plays.includes('burst')),
  check,
};
