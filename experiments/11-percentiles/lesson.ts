import { instancesIn } from '../../lab/evidence/fleet.ts';
import type { Lesson } from '../../lab/model/lesson.ts';
import { latency as histogram } from '../../lab/model/metrics.ts';
import { fleet } from '../../lab/model/shared-state.ts';
import { comparisons } from './comparisons.ts';
import { exercises } from './exercise.ts';
import { nativeJob, p95, withoutLe } from './findings.ts';
import { picture } from './picture.ts';
import { check } from './verdict.ts';

const window = '30s';
const median = `histogram_quantile(0.5, rate(${histogram}_bucket[${window}]))`;
const mean = `rate(${histogram}_sum[${window}]) / rate(${histogram}_count[${window}])`;

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
      targets: [{ expr: p95(window), legend: '{{instance}}' }],
      unit: 'seconds',
      threshold: 0.26,
      width: 12,
      height: 9,
    },
    {
      title: 'The mean needs no buckets: it is right everywhere',
      kind: 'timeseries',
      targets: [{ expr: mean, legend: '{{instance}}' }],
      unit: 'seconds',
      range: [0, 0.5],
      width: 12,
      height: 9,
    },
    {
      title: 'Default boundaries: all requests are in one bucket',
      kind: 'timeseries',
      targets: [
        {
          expr: `sum by (le) (rate(${histogram}_bucket{instance="exporter:8000",le=~"0.1|0.25|0.5|1.0|1"}[${window}]))`,
          legend: 'up to {{le}} s',
        },
      ],
      unit: 'requests per second',
      width: 12,
      height: 8,
    },
    {
      title: 'With a boundary at 0.26 s the bucket is right',
      kind: 'timeseries',
      targets: [
        {
          expr: `sum by (le) (rate(${histogram}_bucket{instance="exporter:8001"}[${window}]))`,
          legend: 'up to {{le}} s',
        },
      ],
      unit: 'requests per second',
      width: 12,
      height: 8,
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
