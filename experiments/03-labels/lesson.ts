import type { Lesson } from '../../lab/model/lesson.ts';
import { cores as family, recordedAverage } from '../../lab/model/metrics.ts';
import { exercises } from './exercise.ts';
import { picture } from './picture.ts';
import { check, oneCore } from './verdict.ts';

export const lesson: Lesson = {
  title: 'Labels',
  chapter: 'Metrics',
  minutes: 5,
  question: 'One metric, two cores: how many series is that, and how do they become one number?',
  change: 'none',
  layer: 'query',
  changes: 'nothing in the stack: one metric with a label, selected and aggregated',
  matters: 'labels let one query serve ten pods or a thousand, and each label value costs a series',
  todo: [
    'Query the whole metric, then single series of it.',
    '`make up CORES=8` and query again: the queries stay the same.',
  ],
  queries: [
    { expr: family, read: 'one line per core: each set of labels is a series of its own' },
    { expr: `avg(${family})`, read: 'one line: the label is dropped by the aggregation' },
    {
      expr: recordedAverage,
      read: 'the same average, computed in advance: a recording rule stores it as a series at every evaluation',
    },
    { expr: `sum(${family})`, read: 'one line: the sum of all series' },
    { expr: oneCore, read: 'one line: a label matcher selects a series' },
    { expr: `count(${family})`, read: 'how many series there are: what the label costs' },
    { expr: `topk(1, ${family})`, read: 'the busiest core, with its labels kept' },
  ],
  expect: 'Two lines that move independently, an average between them, a sum above both.',
  insight:
    'A label makes one series per value. Aggregate over labels to see the whole, match on them to see a part; the same holds for pods, instances and GPUs.',
  lookBack: '5m',
  panels: [
    {
      title: 'One metric name, one line per core',
      kind: 'timeseries',
      targets: [{ expr: family, legend: '{{core}}' }],
      unit: 'percent',
      range: [0, 100],
      width: 12,
      height: 9,
    },
    {
      title: 'avg() aggregates them: one line, no labels',
      kind: 'timeseries',
      targets: [
        { expr: `avg(${family})`, legend: 'average of all cores', style: 'wide' },
        { expr: recordedAverage, legend: 'the same, recorded by a rule', style: 'points' },
      ],
      unit: 'percent',
      range: [0, 100],
      width: 12,
      height: 9,
    },
    {
      title: 'A matcher selects one: core1',
      kind: 'timeseries',
      targets: [{ expr: oneCore, legend: 'core1' }],
      unit: 'percent',
      range: [0, 100],
      width: 7,
      height: 7,
    },
    {
      title: 'Series',
      kind: 'stat',
      targets: [{ expr: `count(${family})`, legend: 'series' }],
      unit: 'count',
      description: 'What the label costs: the series of this metric.',
      width: 4,
      height: 7,
    },
    {
      title: 'The current series, with all their labels',
      kind: 'table',
      targets: [{ expr: `${family}{core=~"core[1-4]"}`, legend: '{{core}}' }],
      unit: 'percent',
      range: [0, 100],
      description: 'The first four, however many CORES sets.',
      rows: 4,
      width: 13,
      height: 7,
    },
  ],
  picture,
  exercises,
  plan: {},
  check,
};
