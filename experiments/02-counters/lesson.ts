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
  question: 'Why is the graph of a counter a ramp, and what turns it into an answer?',
  change: 'none',
  layer: 'query',
  changes: 'nothing in the stack: the same counter, raw and through `rate()`',
  matters: 'a counter answers "how many since it began", which nobody asks; `rate()` answers "how many now"',
  todo: [
    'Graph the counter: a ramp, back to zero where the exporter restarted.',
    'Graph its rate: requests per second, and the restart has gone.',
  ],
  queries: [
    { expr: counter, read: 'only ever rises, until its process restarts: its height means nothing' },
    { expr: `rate(${counter}[10s])`, read: 'requests per second over two samples: quick and noisy' },
    { expr: requestRate, read: 'the same over twelve samples: smoother' },
    { expr: `increase(${counter}[1m])`, read: 'how many in the minute: rate times 60, so rarely a whole number' },
    {
      expr: `resets(${counter}[1h])`,
      read: 'how often it fell: rate() adds across these, that is why it needs counters',
    },
  ],
  expect:
    'A ramp that says nothing, and a rate that steps between about 4 and 12 requests a second each quarter of an hour.',
  insight:
    'Read a gauge as it is; read a counter only through `rate()` or `increase()`. They need no unbroken life: a restart counts as a reset, not as a fall.',
  panels: [
    {
      title: 'The raw counter: a ramp whose height answers no question',
      kind: 'timeseries',
      targets: [{ expr: counter, legend: 'requests since the start' }],
      unit: 'count',
      width: 12,
      height: 9,
    },
    {
      title: 'Its rate: requests per second, restarts repaired',
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
      description: 'The samples in the window span less than a minute; increase() extrapolates to the whole of it.',
      width: 12,
      height: 7,
    },
    {
      title: 'In the last hour',
      kind: 'stat',
      targets: [
        { expr: `resets(${counter}[1h])`, legend: 'falls of the counter' },
        { expr: 'changes(process_start_time_seconds{job="my_app"}[1h])', legend: 'restarts of its process' },
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
  check,
};
