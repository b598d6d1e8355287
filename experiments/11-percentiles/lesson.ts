import { instancesIn } from '../../lab/evidence/fleet.ts';
import type { Lesson } from '../../lab/model/lesson.ts';
import { latency as histogram } from '../../lab/model/metrics.ts';
import { fleet } from '../../lab/model/shared-state.ts';
import { comparisons } from './comparisons.ts';
import { exercises } from './exercise.ts';
import { nativeJob, p95, withoutEdges } from './findings.ts';
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
  changes: 'every request takes 0.26 s; four instances that differ in the edges of their histograms alone',
  matters: 'a histogram knows only in which bucket a request fell; a percentile from it is a guess within that bucket',
  todo: [
    'Graph the 95th percentile: three instances, three answers about the same requests.',
    'Leave `le` out of the sum: the graph is empty.',
    'Look at the buckets themselves: all requests are in one of them.',
  ],
  queries: [
    {
      expr: p95(window),
      read: 'default edges say 0.4875 s, an edge at 0.26 s says 0.26 s, edges that end at 0.2 s say 0.2 s',
    },
    { expr: median, read: 'the median: 0.375 s, the middle of the bucket from 0.25 to 0.5 s' },
    {
      expr: withoutEdges(window),
      read: 'empty: without `le` nobody knows which count belongs to which edge',
      noValue: 'on purpose',
    },
    { expr: mean, read: 'sum by count: the mean needs no edges, and is exactly 0.26 s' },
    {
      expr: `${histogram}_bucket`,
      read: 'how many requests took at most `le` seconds: 0 up to 0.25, all of them up to 0.5',
    },
  ],
  expect:
    'A 95th percentile of 0.4875 s on default edges, of 0.26 s where there is an edge, and of 0.2 s where the edges end.',
  insight:
    'histogram_quantile() spreads the requests of a bucket evenly over it. Put an edge where your promise is, such as 0.3 s, and some beyond it: at an edge a histogram is exact.',
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
      title: 'The mean needs no edges: it is right everywhere',
      kind: 'timeseries',
      targets: [{ expr: mean, legend: '{{instance}}' }],
      unit: 'seconds',
      range: [0, 0.5],
      width: 12,
      height: 9,
    },
    {
      title: 'Default edges: all requests fall in one bucket',
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
      title: 'With an edge at 0.26 s the histogram tells it',
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
  inForce: (lab) => instancesIn(lab).some(({ job }) => job === nativeJob),
  exercises,
  picture,
  comparisons,
  check,
};
