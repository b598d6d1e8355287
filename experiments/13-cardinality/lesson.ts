import { instancesIn } from '../../lab/evidence/fleet.ts';
import { upNames, upOf } from '../../lab/model/alert-states.ts';
import type { Lesson } from '../../lab/model/lesson.ts';
import { fleet } from '../../lab/model/shared-state.ts';
import { comparisons } from './comparisons.ts';
import { exercises } from './exercise.ts';
import { seriesAdded, sessions } from './findings.ts';
import { picture } from './picture.ts';
import { check } from './verdict.ts';

const flooded = `${seriesAdded}{job="my_app",instance="exporter:8001"}`;

export const lesson: Lesson = {
  title: 'Cardinality',
  chapter: 'Monitoring itself',
  minutes: 7,
  question: 'The graph shows fifty series. Why does Prometheus need more and more memory?',
  change: 'own',
  layer: 'producer',
  changes:
    'three instances, two of which have a label with 50 new values every 10 s; one of these in a job with a sample_limit',
  matters: 'each new label value is a new series, and stays in memory for hours after its last sample',
  todo: [
    'Count the current series, then all series of the last five minutes: the first count stays, the second rises.',
    'Graph how many series each scrape adds: 0, and 50 when the label values change.',
    'Open Status → Target health: the third instance has the same label, and its scrapes fail as a whole.',
  ],
  queries: [
    { expr: `count(${sessions})`, read: '50, at any time: what a graph shows', noValue: 'at rest' },
    {
      expr: `count(count_over_time(${sessions}[5m]))`,
      read: 'all series that had a sample in the last five minutes',
      noValue: 'at rest',
    },
    { expr: flooded, read: 'series that a scrape added: 50 when the values change, else 0', noValue: 'at rest' },
    {
      expr: 'prometheus_tsdb_head_series',
      read: 'all series in memory: it rises by almost 100 every 10 s, the 50 that are stored and those of the refused scrapes',
    },
    {
      expr: 'up{job="my_app_limited"}',
      read: '0: the job has a sample_limit, and a scrape over it fails as a whole',
      noValue: 'at rest',
    },
    {
      expr: 'scrape_samples_scraped{job="my_app_limited"}',
      read: 'how many samples that scrape would have added',
      noValue: 'at rest',
    },
  ],
  expect:
    'Fifty series in the graph, and almost a hundred more in memory every 10 s: fifty that are stored, and as many as the limit lets through of the scrapes that it refuses. Of those nothing is stored.',
  insight:
    'Series = the values of all labels multiplied, and each costs memory for hours. Keep user, session and request ids out of labels, and give every job a sample_limit: a flood becomes a failed scrape that up shows, and no query finds any of it. It does not protect memory: Prometheus creates a series before it meets the limit.',
  lookBack: '10m',
  panels: [
    {
      title: 'Series of the label: now, and all in 5 minutes',
      kind: 'timeseries',
      targets: [
        { expr: `count(${sessions})`, legend: 'now' },
        { expr: `count(count_over_time(${sessions}[5m]))`, legend: 'in 5 minutes' },
      ],
      unit: 'count',
      lastValue: true,
      width: 12,
      height: 9,
    },
    {
      title: 'Series that each scrape adds: 0, or 50',
      kind: 'timeseries',
      targets: [{ expr: flooded, legend: 'added', style: 'bars' }],
      unit: 'count',
      width: 12,
      height: 9,
    },
    {
      title: 'All series in the memory of Prometheus',
      kind: 'timeseries',
      targets: [{ expr: 'prometheus_tsdb_head_series', legend: 'series' }],
      unit: 'count',
      width: 12,
      height: 8,
    },
    {
      title: 'Under a sample_limit the scrape fails, and up shows it',
      kind: 'timeline',
      targets: [upOf('up{job=~"my_app(_limited)?"}', '{{job}} {{instance}}')],
      names: upNames,
      unit: 'state',
      width: 12,
      height: 8,
    },
  ],
  picture,
  comparisons,
  comparedOn: { INSTANCES: '2', CHURN_2: '10s' },
  exercises,
  // By way of the base: a target of another fleet that is scraped on has its other series already.
  precondition: 'scraped',
  happensOnce: true,
  measuredIn: fleet,
  isActive: (lab) => instancesIn(lab).some(({ simulates }) => simulates.includes('churn')),
  plan: { environment: { INSTANCES: '3', CHURN_2: '10s', CHURN_3: '10s', JOB_3: 'my_app_limited' } },
  check,
};
