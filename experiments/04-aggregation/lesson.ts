import type { Lesson } from '../../lab/model/lesson.ts';
import { cores as family, requestRate } from '../../lab/model/metrics.ts';
import { exercises } from './exercise.ts';
import { picture } from './picture.ts';
import { average, check, sum } from './verdict.ts';

export const lesson: Lesson = {
  title: 'Wrong aggregation',
  chapter: 'Metrics',
  minutes: 5,
  question: 'Two cores at 60 %: is the machine at 60 % or at 120 %?',
  change: 'none',
  layer: 'query',
  changes: 'nothing in the stack: `sum()` where `avg()` belongs',
  matters: 'Prometheus adds up whatever it is told to; only the unit tells you whether the result can be',
  todo: ['Graph both and draw the line of 100 % in your mind.', 'Then sum something that may be summed: the traffic.'],
  queries: [
    { expr: sum, read: 'goes over 100 %: percentages of different wholes do not add up' },
    { expr: average, read: 'stays between 0 and 100 %: the usage of the machine' },
    {
      expr: `avg_over_time((${sum} > bool 100)[5m:5s])`,
      read: 'the share of instants in which the wrong line is impossible',
    },
    { expr: `max(${family})`, read: 'the busiest core: often the better question, since an average hides it' },
    { expr: `sum(${requestRate})`, read: 'traffic adds up: requests per second of all instances' },
  ],
  expect: 'With two cores the sum is over 100 % about half of the time; the average never is.',
  insight:
    'Sum what adds up (requests, bytes, seconds), average what does not (percentages, ratios). The wrong one is a line like any other: nothing warns you.',
  panels: [
    {
      title: 'sum() of percentages: over 100 % is a usage that cannot be',
      kind: 'timeseries',
      targets: [{ expr: sum, legend: 'sum of the cores' }],
      unit: 'percent',
      range: [0, 200],
      threshold: 100,
      width: 12,
      height: 9,
    },
    {
      title: 'avg() of the same: always between 0 and 100 %',
      kind: 'timeseries',
      targets: [{ expr: average, legend: 'average of the cores' }],
      unit: 'percent',
      range: [0, 200],
      threshold: 100,
      width: 12,
      height: 9,
    },
    {
      title: 'How often the sum cannot be',
      kind: 'stat',
      targets: [{ expr: `100 * avg_over_time((${sum} > bool 100)[5m:5s])`, legend: 'over 100 %' }],
      unit: 'percent',
      range: [0, 100],
      description: 'The share of the last five minutes in which it was over 100 %.',
      width: 8,
      height: 7,
    },
    {
      title: 'What does add up: requests per second',
      kind: 'timeseries',
      targets: [{ expr: `sum(${requestRate})`, legend: 'all instances' }],
      unit: 'requests per second',
      width: 16,
      height: 7,
    },
  ],
  picture,
  exercises,
  check,
};
