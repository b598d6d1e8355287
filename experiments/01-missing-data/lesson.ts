import { alertNames, alertState, upNames, upOf } from '../../lab/model/alert-states.ts';
import { targetDown } from '../../lab/model/alerts.ts';
import type { Lesson } from '../../lab/model/lesson.ts';
import { cpu as gauge } from '../../lab/model/metrics.ts';
import { exercises } from './exercise.ts';
import { picture } from './picture.ts';
import { check, up } from './verdict.ts';

export const lesson: Lesson = {
  title: 'Missing data',
  chapter: 'Metrics',
  minutes: 5,
  question: 'The exporter is down. What does Prometheus show, and how soon?',
  change: 'own',
  layer: 'producer',
  changes: 'the exporter is stopped, Prometheus keeps running',
  matters: 'a target that is down is not a value of zero: `up` shows the difference',
  todo: [
    'Query `up`, and again ten seconds later: it is 0. Prometheus’ own pages do not refresh by themselves: execute again.',
    'Query the gauge: the result is empty, not zero.',
  ],
  queries: [
    { expr: up, read: 'Prometheus stores it itself after every scrape: 1 if the scrape succeeded, 0 if it failed' },
    {
      expr: gauge,
      read: 'empty: a failed scrape marks the series as stale, so no old value is shown as current',
      noValue: 'on purpose',
    },
    { expr: `${gauge}[2m]`, read: 'table view: the stored samples end at the outage, and none is made up' },
    {
      expr: 'ALERTS{alertname="TargetDown"}',
      read: 'the alert on `up == 0`: pending, then firing',
      noValue: 'at rest',
    },
    {
      expr: `absent(${gauge})`,
      read: '1 while the series does not exist: the other way to alert on missing data',
      noValue: 'at rest',
    },
  ],
  expect:
    '`up{job="my_app"}` drops from 1 to 0 within one scrape interval; lines end at the outage instead of dropping to zero.',
  insight:
    'Every scrape stores a sample of `up`, whether it succeeds or fails. Alert on `up == 0`: an alert on the metric itself goes quiet when its target is down.',
  lookBack: '5m',
  panels: [
    {
      title: 'Is the exporter up? Prometheus stores a sample of up for every scrape',
      kind: 'timeline',
      targets: [upOf(up, 'exporter')],
      names: upNames,
      unit: 'state',
      width: 24,
      height: 4,
    },
    {
      title: 'The gauge ends where the outage begins: missing is not zero',
      kind: 'timeseries',
      targets: [{ expr: gauge, legend: 'CPU' }],
      unit: 'percent',
      range: [0, 100],
      width: 24,
      height: 6,
    },
    {
      title: 'TargetDown: inactive, then PENDING, then FIRING',
      kind: 'timeline',
      targets: [alertState(targetDown.name)],
      names: alertNames,
      unit: 'state',
      width: 24,
      height: 4,
    },
    {
      title: 'How long each scrape took, the failed ones too',
      kind: 'timeseries',
      targets: [{ expr: 'scrape_duration_seconds{job="my_app"}', legend: 'scrape' }],
      unit: 'seconds',
      width: 24,
      height: 4,
    },
  ],
  precondition: 'scraped',
  hasAftermath: true,
  // One that hangs is another fault than one that is down.
  isActive: (lab) => lab.exporter === undefined && !lab.exporterIsSilent,
  picture,
  exercises,
  plan: { stops: true },
  check,
};
