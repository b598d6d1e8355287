import { instancesIn } from '../../lab/evidence/fleet.ts';
import type { Lesson } from '../../lab/model/lesson.ts';
import { latency as histogram, ofExporter } from '../../lab/model/metrics.ts';
import { fleet } from '../../lab/model/shared-state.ts';
import { comparisons } from './comparisons.ts';
import { exercises } from './exercise.ts';
import { nativeJob, nativeP95, p95, withoutLe } from './findings.ts';
import { picture } from './picture.ts';
import { check } from './verdict.ts';

const window = '30s';
const median = `histogram_quantile(0.5, rate(${histogram}_bucket[${window}]))`;
const mean = `rate(${histogram}_sum[${window}]) / rate(${histogram}_count[${window}])`;

/** The same of one instance: each has boundaries of its own. */
const p95Of = (instance: number): string => p95(window, ofExporter(`${histogram}_bucket`, '', instance));
const meanOf = (instance: number): string => {
  const [sum, count] = ['sum', 'count'].map((part) => ofExporter(`${histogram}_${part}`, '', instance));
  return `rate(${sum}[${window}]) / rate(${count}[${window}])`;
};
/** How many requests fell into each bucket lately, cumulative as they are stored. */
const requestsBy = (instance: number): string =>
  `sum by (le) (increase(${ofExporter(`${histogram}_bucket`, '', instance)}[${window}]))`;

export const lesson: Lesson = {
  title: 'Percentiles',
  chapter: 'Metrics',
  minutes: 8,
  question: 'Every request takes 0.26 s. Why does the graph say 0.4875 s?',
  change: 'own',
  layer: 'producer',
  changes: 'every request takes 0.26 s; four instances that differ only in the bucket boundaries of their histograms',
  matters: 'a histogram knows only the bucket of each request; a percentile is a guess within that bucket',
  todo: [
    'Graph the 95th percentile: three instances, three results for the same requests.',
    'Drop `le` in an aggregation: the graph is empty. Prometheus notes that `le` is missing wherever it had series to calculate from.',
    'Look at the buckets themselves: all requests are in one of them.',
  ],
  queries: [
    {
      expr: p95(window),
      read: '0.4875 s with the default buckets, 0.26 s with one that ends there, 0.2 s where the last one ends at 0.2 s',
      noValue: 'at rest',
    },
    { expr: median, read: 'the median: 0.375 s, the middle of the bucket from 0.25 to 0.5 s', noValue: 'at rest' },
    {
      expr: withoutLe(window),
      read: 'empty: without `le` no count belongs to a bucket',
      noValue: 'on purpose',
    },
    { expr: mean, read: 'the mean needs no buckets, and is exactly 0.26 s', noValue: 'at rest' },
    {
      expr: `${histogram}_bucket`,
      read: 'how many requests took at most `le` seconds: 0 up to 0.25, all of them up to 0.5',
      noValue: 'at rest',
    },
  ],
  expect:
    'A 95th percentile of 0.4875 s with the default bucket boundaries, of 0.26 s with a boundary there, and of 0.2 s where the boundaries end at 0.2 s.',
  insight:
    'histogram_quantile() assumes that requests are spread evenly within a bucket. Put a bucket boundary at your objective, such as 0.3 s, and some beyond it: at a boundary a histogram is exact.',
  lookBack: '5m',
  panels: [
    {
      title: '95th percentile: all requests take 0.26 s',
      kind: 'timeseries',
      targets: [
        { expr: p95Of(1), legend: 'default boundaries', style: 'wide', colour: 'blue' },
        { expr: p95Of(2), legend: 'one at 0.26 s', colour: 'orange' },
        { expr: p95Of(3), legend: 'none over 0.2 s', colour: 'purple' },
        { expr: nativeP95(window), legend: 'native, default boundaries', colour: 'green' },
      ],
      unit: 'seconds',
      range: [0, 0.6],
      decimals: 4,
      lastValue: true,
      width: 18,
      height: 8,
    },
    {
      title: 'The mean is right',
      kind: 'stat',
      targets: [
        { expr: meanOf(1), legend: 'default' },
        { expr: meanOf(2), legend: '0.26 s' },
        { expr: meanOf(3), legend: 'to 0.2 s' },
      ],
      unit: 'seconds',
      description: 'The mean is a sum divided by a count: buckets do not matter for it.',
      width: 6,
      height: 8,
    },
    {
      title: 'Default boundaries: all up to 0.5 s',
      kind: 'buckets',
      targets: [{ expr: requestsBy(1), legend: '{{le}}' }],
      unit: 'count',
      description: 'Requests of the last 30 s by the upper boundary of their bucket, in seconds.',
      width: 9,
      height: 9,
    },
    {
      title: 'One at 0.26 s: all up to there',
      kind: 'buckets',
      targets: [{ expr: requestsBy(2), legend: '{{le}}' }],
      unit: 'count',
      width: 7,
      height: 9,
    },
    {
      title: 'Default boundaries over time',
      kind: 'heatmap',
      targets: [{ expr: requestsBy(1), legend: '{{le}}' }],
      unit: 'count',
      width: 8,
      height: 9,
    },
  ],
  measuredIn: fleet,
  isActive: (lab) => instancesIn(lab).some(({ job }) => job === nativeJob),
  exercises,
  picture,
  comparisons,
  comparedOn: { INSTANCES: '2', LATENCY_2: '0.26' },
  plan: {
    environment: {
      INSTANCES: '4',
      LATENCY: '0.26',
      BUCKETS_2: '0.1,0.25,0.26,0.5',
      BUCKETS_3: '0.05,0.1,0.2',
      JOB_4: 'my_app_native',
    },
  },
  check,
};
