import type { Lesson } from '../../lab/model/lesson.ts';
import { requests as counter, recordedRate } from '../../lab/model/metrics.ts';
import { comparisons } from './comparisons.ts';
import { exercises } from './exercise.ts';
import { windows } from './lines.ts';
import { picture } from './picture.ts';
import { check } from './verdict.ts';

/**
 * The spread of a rate's changes from one scrape of the base lab to the next. Not the spread of the rate itself: a step
 * in traffic widens that for as long as the window is, so that the smooth window would look like the noisy one.
 */
const noise = (window: string): string =>
  `stddev_over_time((rate(${counter}[${window}]) - rate(${counter}[${window}] offset 5s))[5m:5s])`;

export const lesson: Lesson = {
  title: 'Rate windows',
  chapter: 'Metrics',
  minutes: 8,
  question: 'Ten seconds, one minute or ten: which window shows a step in traffic as it is?',
  change: 'none',
  layer: 'query',
  changes: 'nothing in the stack: the rate of one counter over three windows',
  matters: 'a window is a choice between noise and delay, in every dashboard and alert',
  todo: [
    'Graph the three over the last hour: the traffic steps every quarter of an hour.',
    '`make slow-scrape` and query [10s] again: it is empty.',
  ],
  queries: [
    { expr: `rate(${counter}[10s])`, read: 'shows a step within ten seconds, and is noisy all the time' },
    {
      expr: `rate(${counter}[1m])`,
      read: 'balanced: half of a step after 30 s, all of it after a minute, and smooth enough to read',
    },
    {
      expr: `rate(${counter}[10m])`,
      read: 'smooth: half of a step after five minutes, all of it after ten; short events vanish in it',
    },
    {
      expr: `count_over_time(${counter}[10s])`,
      read: 'the samples in a 10 s window: two, just enough for a rate',
    },
    {
      expr: recordedRate,
      read: 'the 1m rate as a recorded series: with a recording rule all dashboards and alerts use the same window',
    },
    { expr: noise('10s'), read: 'the noise as a number; put 1m or 10m in place of 10s' },
  ],
  expect:
    'At each step [10s] arrives within ten seconds, [1m] within a minute, [10m] within ten: the longer the window, the later and the smoother.',
  insight:
    'A window of w shows half of a step after w / 2 and all of it after w. Use at least four scrape intervals, so that one failed scrape leaves enough samples; use more only where a smooth line matters more than speed.',
  lookBack: '1h',
  panels: [
    {
      title: 'One step in traffic, three windows: quick and noisy, balanced, smooth and late',
      kind: 'timeseries',
      targets: [
        ...windows.map(({ window }) => ({ expr: `rate(${counter}[${window}])`, legend: window })),
        { expr: recordedRate, legend: '1m, recorded by a rule', style: 'points' },
      ],
      unit: 'requests per second',
      width: 24,
      height: 10,
    },
    {
      title: 'Noise: the shorter the window, the noisier',
      kind: 'stat',
      targets: windows.map(({ window }) => ({ expr: noise(window), legend: window })),
      unit: 'requests per second',
      description: 'The standard deviation of its changes within five seconds, over five minutes.',
      width: 12,
      height: 7,
    },
    {
      title: 'Samples in each window: a rate needs two',
      kind: 'stat',
      targets: windows.map(({ window }) => ({
        expr: `sum(count_over_time(${counter}[${window}])) or vector(0)`,
        legend: window,
      })),
      unit: 'count',
      width: 12,
      height: 7,
    },
  ],
  picture,
  exercises,
  comparisons,
  plan: {},
  check,
};
