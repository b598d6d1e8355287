import { instancesIn } from '../../lab/evidence/fleet.ts';
import { alertNames, alertState } from '../../lab/model/alert-states.ts';
import { seconds } from '../../lab/model/format.ts';
import type { Lesson } from '../../lab/model/lesson.ts';
import { fleet } from '../../lab/model/shared-state.ts';
import { comparisons } from './comparisons.ts';
import { exercises } from './exercise.ts';
import { picture } from './picture.ts';
import { dated, lazy, window, windowSeconds, zeroed } from './twins.ts';
import { check } from './verdict.ts';

const increase = (metric: string) => `increase(${metric}[${window}])`;

export const lesson: Lesson = {
  title: 'First error',
  chapter: 'Alerts',
  minutes: 6,
  question: 'Five requests failed, and the alert rule is right. Why was nobody notified?',
  change: 'own',
  layer: 'producer',
  changes: 'five errors in one second, 40 s after the start, and none before',
  matters: 'a series that is created by its first errors has no 0 before them, and `increase()` misses them',
  todo: [
    'Wait for the errors, then graph the increase of the three counters, which count the same five errors.',
    'In the minute after the errors, open Alerts and reload it: two of the three alerts fire, ErrorsLazy stays inactive. Afterwards all three are inactive again.',
    'Open the guide’s inbox: two alerts have arrived, not three.',
  ],
  queries: [
    {
      expr: lazy.metric,
      read: 'no series before the first error, then 5 from its first sample on',
      noValue: 'at rest',
    },
    { expr: increase(lazy.metric), read: '0: from 5 to 5 nothing was added', noValue: 'at rest' },
    {
      expr: increase(zeroed.metric),
      read: 'about 5 for a minute: this one was exposed as 0 from the start',
      noValue: 'at rest',
    },
    {
      expr: increase(dated.metric),
      read: 'up to 10 at first, then about 5: it appeared late, but with a created timestamp, at which Prometheus stored a 0; at first that 0 and a 5 are all there is, and extrapolated far',
      noValue: 'at rest',
    },
    {
      expr: 'ALERTS{alertname=~"Errors.*"}',
      read: 'the alerts on these: for about a minute two of them fire, ErrorsLazy never does',
      noValue: 'at rest',
    },
  ],
  expect:
    'All three counters end at 5. Two show an increase, and their alerts fire for about a minute; the increase of the third is 0, and its alert never fires.',
  insight:
    'An increase needs a sample from before the event. Initialise every counter to 0 when the process starts, for each label value you know; only that, or a created timestamp, makes the first error count.',
  lookBack: '10m',
  panels: [
    {
      title: 'The same five errors: one counter has no 0 to start from',
      kind: 'timeseries',
      targets: [
        { expr: zeroed.metric, legend: 'initialised to 0', style: 'wide' },
        { expr: lazy.metric, legend: 'appears with the errors', style: 'points' },
      ],
      unit: 'count',
      width: 12,
      height: 9,
    },
    {
      title: 'increase() over a minute: 0 for the late counter',
      kind: 'timeseries',
      targets: [
        { expr: increase(lazy.metric), legend: 'appears with the errors' },
        { expr: increase(zeroed.metric), legend: 'initialised to 0' },
        { expr: increase(dated.metric), legend: 'late, created timestamp' },
      ],
      unit: 'count',
      description:
        'With a created timestamp it begins near 10: at first one 0 and one 5 are all there is, and increase() extrapolates from them far.',
      width: 12,
      height: 9,
    },
    {
      title: 'Three alerts on the same errors: the one on the late counter stays inactive, two fire for a minute',
      kind: 'timeline',
      targets: [
        alertState(lazy.alert, 'appears with the errors'),
        alertState(zeroed.alert, 'initialised to 0'),
        alertState(dated.alert, 'late, created timestamp'),
      ],
      names: alertNames,
      unit: 'state',
      width: 24,
      height: 6,
    },
  ],
  precondition: 'quiet',
  picture,
  exercises,
  comparisons,
  comparedOn: { INSTANCES: '2', ERRORS_2: '5@60s' },
  happensOnce: true,
  measuredIn: fleet,
  isActive: (lab) => instancesIn(lab).some(({ simulates }) => simulates.includes('burst')),
  tooCoarse: ({ scrapeSeconds }) =>
    2 * scrapeSeconds > windowSeconds
      ? {
          reason: `a window of ${window} holds one sample at a scrape every ${seconds(scrapeSeconds)}, and an increase needs two`,
          type: 'make exp-10 SCRAPE_INTERVAL=5s',
        }
      : undefined,
  plan: {
    environment: { ERRORS: '5@40s' },
    rules: [lazy, zeroed, dated].map(({ metric, alert }) => ({
      alert,
      expr: `increase(${metric}[${window}]) > 0 and ${metric} > 0`,
      labels: { severity: 'warning' },
    })),
  },
  check,
};
