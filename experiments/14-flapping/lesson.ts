import { alertNames, alertState } from '../../lab/model/alert-states.ts';
import { seconds } from '../../lab/model/format.ts';
import type { Lesson } from '../../lab/model/lesson.ts';
import { smallFleet } from '../../lab/model/shared-state.ts';
import { exercises } from './exercise.ts';
import { halfPeriodSeconds, recordedCpu, rules, written } from './flap.ts';
import { picture } from './picture.ts';
import { check } from './verdict.ts';

export const lesson: Lesson = {
  title: 'Flapping',
  chapter: 'Alerts',
  minutes: 7,
  question: 'The CPU is high for 20 s, low for 20 s, and so on. How many notifications is that?',
  change: 'own',
  layer: 'producer',
  changes: 'the signal is a wave: high for 20 s, low for 20 s',
  matters: 'an alert that flaps notifies each time; `for` and `keep_firing_for` decide whether it flaps',
  todo: [
    'Follow the five alerts in the guide for two minutes, or in Prometheus under Alerts, reloading the page: two come and go with the CPU, one never fires, two stay.',
    'Open the guide’s inbox: a notification each time an alert begins to fire, and one each time it is resolved. The numbers over the picture and the check count the first alone.',
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
      read: 'the average of a whole period: 50, whether the CPU is high now or not',
      noValue: 'at rest',
    },
    {
      expr: 'changes(ALERTS_FOR_STATE{alertname="FlapAtOnce"}[5m])',
      read: 'how often the alert became active again: its value is the time of that',
      noValue: 'at rest',
    },
  ],
  expect: 'Two alerts that fire again every 40 s, one that never fires, and two that fire once and stay.',
  insight:
    'A `for` longer than the peak hides it altogether, a shorter one still flaps. A `keep_firing_for` longer than the dip, or an average over a whole period, makes one alert of many.',
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
      height: 7,
    },
    {
      title: 'Five alerts on it: two flap, one never fires, two fire once',
      kind: 'timeline',
      targets: [
        alertState(rules.atOnce.alert, 'without for'),
        alertState(rules.for10s.alert, 'for: 10s'),
        alertState(rules.for30s.alert, 'for: 30s'),
        alertState(rules.kept.alert, 'keep_firing_for: 30s'),
        alertState(rules.average.alert, 'average of 40 s'),
      ],
      names: alertNames,
      unit: 'state',
      width: 24,
      height: 9,
    },
  ],
  precondition: 'quiet',
  measuredIn: smallFleet,
  isActive: (lab) => lab.exporter?.signal === 'square',
  exercises,
  picture,
  tooCoarse: ({ scrapeSeconds, evaluationSeconds }) =>
    scrapeSeconds + evaluationSeconds > halfPeriodSeconds / 2
      ? {
          reason: `a scrape every ${seconds(scrapeSeconds)} and an evaluation every ${seconds(evaluationSeconds)} are too coarse: the rules cannot see whether the CPU was high for ${halfPeriodSeconds} s or for half or twice as long`,
          type: 'make exp-14 SCRAPE_INTERVAL=5s EVALUATION_INTERVAL=5s',
        }
      : undefined,
  plan: { environment: { SIGNAL: 'square' }, rules: written },
  check,
};
