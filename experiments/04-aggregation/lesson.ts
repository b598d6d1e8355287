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
  matters: 'Prometheus adds up whatever you ask it to; only the unit says whether the result makes sense',
  todo: ['Graph both, and imagine a line at 100 %.', 'Then sum something that does add up: the traffic.'],
  queries: [
    { expr: sum, read: 'goes over 100 %: percentages of different wholes do not add up' },
    { expr: average, read: 'stays between 0 and 100 %: the usage of the machine' },
    {
      expr: `avg_over_time((${sum} > bool 100)[5m:5s])`,
      read: 'the share of the time in which the sum is impossible',
    },
    { expr: `max(${family})`, read: 'the busiest core: often the better question, since an average hides it' },
    { expr: `sum(${requestRate})`, read: 'traffic does add up: requests per second of all instances' },
  ],
  expect: 'With two cores the sum is over 100 % about half of the time; the average never is.',
  insight:
    'Sum what adds up (requests, bytes, seconds), average what does not (percentages, ratios). A wrong aggregation is a line like any other: nothing warns you.',
  panels: [
    {
      title: 'sum() of percentages: usage over 100 % is impossible',
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
      title: 'How often it is impossible',
      kind: 'stat',
      targets: [{ expr: `100 * avg_over_time((${sum} > bool 100)[5m:5s])`, legend: 'over 100 %' }],
      unit: 'percent',
      range: [0, 100],
      description: 'The share of the last five minutes in which the sum was over 100 %.',
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
  plan: {},
  check,
};
