import { alertNames, alertState } from '../../lab/model/alert-states.ts';
import { highCpu } from '../../lab/model/alerts.ts';
import type { Lesson } from '../../lab/model/lesson.ts';
import { cpu as gauge } from '../../lab/model/metrics.ts';
import { exercises } from './exercise.ts';
import { picture } from './picture.ts';
import { alertname, check } from './verdict.ts';

export const lesson: Lesson = {
  title: 'Alerting',
  chapter: 'Alerts',
  minutes: 6,
  question: 'The CPU is high. How long until somebody is notified, and where does the time go?',
  change: 'own',
  layer: 'producer',
  changes: 'the signal stays between 85 and 99 %, over the alert’s threshold',
  matters: 'an alert is late by design: each stage trades speed for fewer false alarms',
  todo: [
    'Open Alerts in Prometheus and scroll down to HighCPU; unfold it to see its `for`. Reload the page, which does not refresh by itself: inactive, PENDING, FIRING.',
    'Open Status → Rule health: when each rule was evaluated last, and how long that took.',
    'Open the guide’s inbox: the notification arrives, and after `make up` a resolved one.',
  ],
  queries: [
    { expr: gauge, read: 'over 80 from the first scrape on' },
    {
      expr: 'ALERTS{alertname="HighCPU"}',
      read: 'Prometheus stores it at every evaluation: alertstate is pending, then firing',
      noValue: 'at rest',
    },
    {
      expr: 'ALERTS_FOR_STATE{alertname="HighCPU"}',
      read: 'the Unix time at which the alert became active: `for` counts from here',
      noValue: 'at rest',
    },
    {
      expr: 'prometheus_rule_group_last_duration_seconds',
      read: 'how long an evaluation takes: far less than the evaluation interval, or alerts are late',
    },
  ],
  expect:
    'PENDING at the first evaluation after a sample over 80, FIRING once that has held for 10 s, and after `make up` resolved with the first sample that is not over 80.',
  insight:
    'Latency = scrape interval + evaluation interval + `for` + grouping. `for` keeps a single spike from waking you: the condition has to hold at every evaluation during it.',
  lookBack: '5m',
  panels: [
    {
      title: 'inactive → PENDING → FIRING: the state of HighCPU at each evaluation',
      kind: 'timeline',
      targets: [alertState(alertname)],
      names: alertNames,
      unit: 'state',
      description:
        'ALERTS is first written once a new Prometheus has restored its state: so long it is inactive here, although it may be pending.',
      width: 24,
      height: 4,
    },
    {
      title: 'Over the threshold? The rule asks this at every evaluation',
      kind: 'timeseries',
      targets: [{ expr: gauge, legend: 'CPU' }],
      unit: 'percent',
      range: [0, 100],
      threshold: highCpu.thresholdPercent,
      width: 16,
      height: 8,
    },
    {
      title: 'For how long has it held?',
      kind: 'timeseries',
      targets: [{ expr: 'max(time() - ALERTS_FOR_STATE{alertname="HighCPU"}) or vector(0)', legend: 'held for' }],
      unit: 'seconds',
      threshold: highCpu.forSeconds,
      description: `The first evaluation that finds ${highCpu.forSeconds} s or more makes the alert fire.`,
      width: 8,
      height: 8,
    },
    {
      title: 'Alerts sent to Alertmanager since Prometheus started',
      kind: 'stat',
      targets: [{ expr: 'sum(prometheus_notifications_sent_total)', legend: 'sent' }],
      unit: 'count',
      description: 'Prometheus sends a firing alert again about once a minute; Alertmanager does not notify each time.',
      width: 12,
      height: 5,
    },
    {
      title: 'How long does one evaluation of the rules take?',
      kind: 'timeseries',
      targets: [{ expr: 'max(prometheus_rule_group_last_duration_seconds)', legend: 'slowest group' }],
      unit: 'seconds',
      width: 12,
      height: 5,
    },
  ],
  precondition: 'quiet',
  hasAftermath: true,
  isActive: (lab) => lab.exporter?.signal === 'high',
  picture,
  exercises,
  plan: { environment: { SIGNAL: 'high' } },
  check,
};
