import type { Lesson } from '../../lab/model/lesson.ts';
import { requests as counter, cpu, requestRate } from '../../lab/model/metrics.ts';
import { comparisons } from './comparisons.ts';
import { exercises } from './exercise.ts';
import { picture } from './picture.ts';
import { check } from './verdict.ts';

export const lesson: Lesson = {
  title: 'Counters and gauges',
  chapter: 'Metrics',
  minutes: 5,
  question: 'Why is the graph of a counter a ramp, and what makes it useful?',
  change: 'none',
  layer: 'query',
  changes: 'nothing in the stack: the same counter, raw and through `rate()`',
  matters: 'a counter says how many since its process started; `rate()` says how many per second now',
  todo: [
    'Graph the counter: a ramp that drops to zero where the exporter restarted (a counter reset).',
    'Graph its rate: requests per second, and no drop at the restart.',
  ],
  queries: [
    { expr: counter, read: 'only ever rises, until its process restarts: its absolute value means little' },
    { expr: `rate(${counter}[10s])`, read: 'requests per second from two samples: quick and noisy' },
    { expr: requestRate, read: 'the same from twelve samples: smoother' },
    {
      expr: `increase(${counter}[1m])`,
      read: 'how many in the minute: rate() times 60, extrapolated to the window boundaries, so rarely a whole number',
    },
    {
      expr: `resets(${counter}[1h])`,
      read: 'how many counter resets: rate() corrects for them, which is why it works on counters only',
    },
  ],
  expect:
    'A ramp that says little, and a rate that steps between about 4 and 12 requests per second every quarter of an hour.',
  insight:
    'Read a gauge as it is; read a counter only through `rate()` or `increase()`. Restarts do no harm: they treat every drop as a counter reset.',
  panels: [
    {
      title: 'The raw counter: a ramp that answers no question',
      kind: 'timeseries',
      targets: [{ expr: counter, legend: 'requests since the start' }],
      unit: 'count',
      width: 12,
      height: 9,
    },
    {
      title: 'Its rate: requests per second, resets corrected',
      kind: 'timeseries',
      targets: [
        { expr: `rate(${counter}[10s])`, legend: '10s' },
        { expr: requestRate, legend: '1m' },
      ],
      unit: 'requests per second',
      width: 12,
      height: 9,
    },
    {
      title: 'How many in a minute: rarely a whole number',
      kind: 'timeseries',
      targets: [{ expr: `increase(${counter}[1m])`, legend: 'requests' }],
      unit: 'count',
      description:
        'The samples in the window span less than a minute; increase() extrapolates to the window boundaries.',
      width: 12,
      height: 7,
    },
    {
      title: 'In the last hour',
      kind: 'stat',
      targets: [
        { expr: `resets(${counter}[1h])`, legend: 'counter resets' },
        { expr: 'changes(process_start_time_seconds{job="my_app"}[1h])', legend: 'process restarts' },
      ],
      unit: 'count',
      width: 6,
      height: 7,
    },
    {
      title: 'A gauge is read as it is',
      kind: 'stat',
      targets: [{ expr: cpu, legend: 'CPU' }],
      unit: 'percent',
      range: [0, 100],
      width: 6,
      height: 7,
    },
  ],
  picture,
  exercises,
  comparisons,
  plan: {},
  check,
};
