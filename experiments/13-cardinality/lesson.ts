import { instancesIn } from '../../lab/evidence/fleet.ts';
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
    'three instances, two of which have a label whose 50 values are new every 10 s; one of them in a job with a limit',
  matters: 'each new value of a label is a new series, and a series stays in memory for hours after its last sample',
  todo: [
    'Count the series that are shown, then those that were ever there: the first stays, the second rises.',
    'Graph what each scrape adds: 0, and 50 with each generation of the label.',
    'Look at Target health: the third instance has the same label, and its scrapes fail as a whole.',
  ],
  queries: [
    { expr: `count(${sessions})`, read: '50, at any time: what a graph shows' },
    { expr: `count(count_over_time(${sessions}[5m]))`, read: 'every series that had a sample in five minutes' },
    { expr: flooded, read: 'series that a scrape added: 50 with each generation, 0 between' },
    { expr: 'prometheus_tsdb_head_series', read: 'all series in memory: it rises by 50 every 10 s' },
    { expr: 'up{job="my_app_limited"}', read: '0: the job has a sample_limit, and a scrape over it fails as a whole' },
    { expr: 'scrape_samples_scraped{job="my_app_limited"}', read: 'how many samples that scrape would have brought' },
  ],
  expect: 'Fifty series in the graph, and fifty more in memory every 10 s. Under the limit there are none.',
  insight:
    'Series = the values of all labels multiplied, and each costs memory for hours. Keep user, session and request ids out of labels, and give every job a sample_limit: a flood becomes a failed scrape that up shows.',
  lookBack: '5m',
  panels: [
    {
      title: 'Series of the label: shown, and ever there in 5 minutes',
      kind: 'timeseries',
      targets: [
        { expr: `count(${sessions})`, legend: 'shown' },
        { expr: `count(count_over_time(${sessions}[5m]))`, legend: 'ever there' },
      ],
      unit: 'count',
      width: 12,
      height: 9,
    },
    {
      title: 'Series that each scrape adds: none, or a generation',
      kind: 'timeseries',
      targets: [{ expr: flooded, legend: 'added', style: 'points' }],
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
      targets: [
        { expr: 'up{job="my_app_limited"} == 1', legend: 'up', colour: 'green' },
        { expr: 'up{job="my_app_limited"} == 0', legend: 'down', colour: 'red' },
      ],
      unit: 'state',
      width: 12,
      height: 8,
    },
  ],
  picture,
  comparisons,
  exercises,
  // By way of the base: a target of another fleet that is scraped on has its other series already.
  precondition: 'scraped',
  happensOnce: true,
  measuredIn: fleet,
  inForce: (lab) => instancesIn(lab).some(({ plays }) => plays.includes('churn')),
  check,
};
