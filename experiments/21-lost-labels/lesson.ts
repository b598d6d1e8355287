import { instancesIn } from '../../lab/evidence/fleet.ts';
import { upNames, upOf } from '../../lab/model/alert-states.ts';
import type { Lesson } from '../../lab/model/lesson.ts';
import { comparisons } from './comparisons.ts';
import { exercises, lostSamples } from './exercise.ts';
import { picture } from './picture.ts';
import { connections, debug, ofPage } from './scrapes.ts';
import { check } from './verdict.ts';

const scraped = 'scrape_samples_scraped';
const kept = 'scrape_samples_post_metric_relabeling';
const dropping = '{job="my_app_labeldrop"}';

export const lesson: Lesson = {
  title: 'Lost labels',
  chapter: 'Monitoring itself',
  minutes: 10,
  question: 'Twelve connections are open, and seven are stored. Which counter says so?',
  change: 'own',
  layer: 'scraper',
  changes: 'eight instances with one and the same page, seven of them in scrape jobs that relabel it',
  matters: 'a label that is dropped may be what kept two series apart: then one of them is lost, and nothing says so',
  todo: [
    'Sum the connections of the jobs my_app and my_app_labeldrop: 12 and 7.',
    'Look for the loss: up, the samples scraped, those left after relabeling, the counters of Prometheus.',
    `Compare how much of ${debug} each job stores: two of the three that drop it do not.`,
    'Look for the target of the job my_app_labelmap: up has it under another name.',
  ],
  queries: [
    {
      expr: `sum by (job) (${connections})`,
      read: '12 with the label pod; 7 without it: the first sample of the page alone',
      noValue: 'at rest',
    },
    { expr: `${kept}${dropping}`, read: 'all that was scraped: relabeling has dropped none', noValue: 'at rest' },
    { expr: `count(${ofPage('my_app_labeldrop')})`, read: 'one less: all that is stored of it', noValue: 'at rest' },
    {
      expr: 'prometheus_target_scrapes_sample_duplicate_timestamp_total',
      read: '0: it counts other duplicates',
    },
    {
      expr: `count by (job) (${debug})`,
      read: '3 where they are to be dropped in the wrong stage, or by a regex for a part of the name',
      noValue: 'at rest',
    },
    { expr: `${kept} == 0`, read: 'the job that keeps nothing, and is up', noValue: 'at rest' },
    { expr: 'up{job="my_app_labelmap"}', read: 'empty: its target is in the job shop', noValue: 'always' },
    {
      expr: 'database_up',
      read: 'the label instance of the page: exported_instance, or with honor_labels instance',
      noValue: 'at rest',
    },
  ],
  expect: 'The sum is 7 without the label pod, and 12 with it. All targets are up, and no counter has moved.',
  insight:
    'Relabeling never fails, it only matches or does not. Sum over a label in a query or a rule instead of dropping it; drop series in metric_relabel_configs with a regex for the whole name; and alert on what is left of a scrape.',
  lookBack: '5m',
  panels: [
    {
      title: 'Twelve connections are open: without the label pod seven',
      kind: 'timeseries',
      targets: [
        { expr: `sum(${connections}{job="my_app"})`, legend: 'with the label pod' },
        { expr: `sum(${connections}${dropping})`, legend: 'without it' },
      ],
      unit: 'count',
      lastValue: true,
      width: 12,
      height: 7,
    },
    {
      title: 'Lost: left after relabeling, and not stored',
      kind: 'timeseries',
      targets: [
        { expr: lostSamples, legend: 'lost' },
        { expr: `${scraped}${dropping} - ${kept}${dropping}`, legend: 'dropped by its rules' },
      ],
      unit: 'count',
      lastValue: true,
      width: 12,
      height: 7,
    },
    {
      title: 'Samples left of a scrape: in one job none',
      kind: 'table',
      targets: [{ expr: `sum by (job) (${kept}{job=~"my_app.*|shop"})`, legend: '{{job}}' }],
      unit: 'count',
      rows: 8,
      width: 12,
      height: 11,
    },
    {
      title: 'All of them are up, one in another job',
      kind: 'timeline',
      targets: [upOf('up{job=~"my_app.*|shop"}', '{{job}}')],
      names: upNames,
      unit: 'state',
      width: 12,
      height: 11,
    },
  ],
  picture,
  exercises,
  comparisons,
  comparedOn: { INSTANCES: '3', PODS_2: '7,5', PODS_3: '7,5', JOB_3: 'my_app_labeldrop' },
  isActive: (lab) => instancesIn(lab).some(({ job }) => job === 'my_app_labeldrop'),
  plan: {
    environment: {
      INSTANCES: '8',
      PODS: '7,5',
      JOB_2: 'my_app_labeldrop',
      JOB_3: 'my_app_wrong_stage',
      JOB_4: 'my_app_unanchored',
      JOB_5: 'my_app_drop',
      JOB_6: 'my_app_two_keeps',
      JOB_7: 'my_app_labelmap',
      JOB_8: 'my_app_honor_labels',
    },
  },
  check,
};
