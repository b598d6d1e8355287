import { alertStates } from '../../lab/model/alert-states.ts';
import type { Lesson } from '../../lab/model/lesson.ts';
import { pair } from '../../lab/model/shared-state.ts';
import { exercises } from './exercise.ts';
import { recordedCpu, rules } from './flap.ts';
import { picture } from './picture.ts';
import { check } from './verdict.ts';

export const lesson: Lesson = {
  title: 'Flapping',
  chapter: 'Alerts',
  minutes: 7,
  question: 'The CPU is high for 20 s, low for 20 s, and so on. How many messages is that?',
  change: 'own',
  layer: 'producer',
  changes: 'the signal is a wave: high for 20 s, low for 20 s',
  matters: 'an alert that comes and goes is a message each time; `for` and `keep_firing_for` decide whether it does',
  todo: [
    'Watch the alerts for two minutes: two come and go with the CPU, one never comes, two stay.',
    'Look at the inbox of the guide: a message each time one begins to fire, and one each time it ends.',
    'HighCPU, with its `for: 10s`, flaps as well.',
  ],
  queries: [
    { expr: 'cpu_usage_simulated', read: '95 for 20 s, 5 for 20 s' },
    {
      expr: 'ALERTS{alertname=~"Flap.*"}',
      read: 'five alerts on the same CPU: which are firing now, and which are pending',
      noValue: 'at rest',
    },
    {
      expr: `avg_over_time(${recordedCpu}[40s])`,
      read: 'the average of a whole period: 50, whether the CPU is high at the moment or not',
      noValue: 'at rest',
    },
    {
      expr: 'changes(ALERTS_FOR_STATE{alertname="FlapAtOnce"}[5m])',
      read: 'how often an alert began anew: its value is the time at which it became active',
      noValue: 'at rest',
    },
  ],
  expect: 'Two alerts that fire anew every 40 s, one that never does, and two that fire once and stay.',
  insight:
    '`for` longer than the peak hides it for good, and shorter it still flaps. `keep_firing_for` longer than the dip, or an average over the whole period, makes one alert of many.',
  lookBack: '5m',
  panels: [
    {
      title: 'The CPU: high for 20 s, low for 20 s',
      kind: 'timeseries',
      targets: [{ expr: 'cpu_usage_simulated{instance="exporter:8000"}', legend: 'CPU', style: 'steps' }],
      unit: 'percent',
      range: [0, 100],
      threshold: rules.atOnce.thresholdPercent,
      width: 24,
      height: 6,
    },
    {
      title: 'Without for: a message each time',
      kind: 'timeline',
      targets: alertStates(rules.atOnce.alert),
      unit: 'state',
      width: 12,
      height: 6,
    },
    {
      title: 'for: 10s: later, and just as often',
      kind: 'timeline',
      targets: alertStates(rules.for10s.alert),
      unit: 'state',
      width: 12,
      height: 6,
    },
    {
      title: 'for: 30s: PENDING, never FIRING',
      kind: 'timeline',
      targets: alertStates(rules.for30s.alert),
      unit: 'state',
      width: 8,
      height: 6,
    },
    {
      title: 'keep_firing_for: 30s: one alert',
      kind: 'timeline',
      targets: alertStates(rules.kept.alert),
      unit: 'state',
      width: 8,
      height: 6,
    },
    {
      title: 'An average of 40 s: one alert',
      kind: 'timeline',
      targets: alertStates(rules.average.alert),
      unit: 'state',
      width: 8,
      height: 6,
    },
  ],
  precondition: 'quiet',
  measuredIn: pair,
  inForce: (lab) => lab.exporter?.signal === 'square',
  exercises,
  picture,
  check,
};
