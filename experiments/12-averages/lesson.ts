import { instancesIn } from '../../lab/evidence/fleet.ts';
import type { Lesson } from '../../lab/model/lesson.ts';
import { job } from '../../lab/model/metrics.ts';
import { smallFleet } from '../../lab/model/shared-state.ts';
import { exercises } from './exercise.ts';
import { buckets, questions, routed } from './findings.ts';
import { picture } from './picture.ts';
import { check } from './verdict.ts';

const window = '30s';
const averageP95 = questions.averageP95(window);
const pooledP95 = questions.pooledP95(window);
const averageRatio = questions.averageRatio(window);
const pooledRatio = questions.pooledRatio(window);

/** How many requests fell into each bucket lately, cumulative as they are stored. */
const byBucket = `sum by (le) (increase(${buckets}{job="${job}"}[${window}]))`;
/** The error ratio of one route at each instance. */
const failedOn = (route: string): string => {
  const requestsOf = (matchers: string) =>
    `sum by (instance) (rate(${routed}{route="${route}"${matchers}}[${window}]))`;
  return `${requestsOf(',code="500"')} / ${requestsOf('')}`;
};

export const lesson: Lesson = {
  title: 'Averages',
  chapter: 'Fleets',
  minutes: 8,
  question: 'Two instances, one of them small and slow. What does the average of their percentiles mean?',
  change: 'own',
  layer: 'producer',
  changes:
    'two instances: one has 90 % of the requests, every other minute 70 %, and answers in 0.02 s; the other has the rest and answers in 0.9 s',
  matters: 'an average of percentiles gives a small instance the weight of a large one, and describes neither',
  todo: [
    'Graph both 95th percentiles: the average says half a second, although no request took that long, and does not change when the traffic shifts. On the other one Prometheus may note that buckets were “fixed for monotonicity”: of values that differ by a rounding error, and harmless.',
    'Graph both error ratios: the average gives an instance with few requests too much weight.',
    'Compare the error ratios of the instances route by route, and then in total: the better one becomes the worse one.',
  ],
  queries: [
    { expr: averageP95, read: '0.4996 s: half-way between the two, and no request of either', noValue: 'at rest' },
    {
      expr: pooledP95,
      read: '0.75 s, every other minute 0.92 s: in the bucket from 0.5 to 1 s, where the slow requests are',
      noValue: 'at rest',
    },
    {
      expr: averageRatio,
      read: 'about 24 %, whatever the traffic: the small instance counts as much as the large one',
      noValue: 'at rest',
    },
    { expr: pooledRatio, read: 'about 18 %, every other minute 21 %: what users experience', noValue: 'at rest' },
    {
      expr: `${routed}{code="500"} / ignoring (code) ${routed}{code="200"}`,
      read: 'failed requests per successful one since the start: on each route the second instance is better',
      noValue: 'at rest',
    },
  ],
  expect:
    'An average of percentiles of 0.5 s, which no request took, and an average error ratio that is too high by up to a third.',
  insight:
    'Sum first, then divide or take the percentile: sum by (le) of the buckets, sum of the errors / sum of the requests. And compare like with like: a different mix of routes can reverse a ratio (Simpson’s paradox).',
  lookBack: '5m',
  panels: [
    {
      title: '95th percentile: the average describes neither',
      kind: 'timeseries',
      targets: [
        { expr: averageP95, legend: 'average of both' },
        { expr: pooledP95, legend: 'of all requests' },
      ],
      unit: 'seconds',
      range: [0, 1],
      lastValue: true,
      width: 12,
      height: 6,
    },
    {
      title: 'Errors per request: the average is too high',
      kind: 'timeseries',
      targets: [
        { expr: averageRatio, legend: 'average of both' },
        { expr: pooledRatio, legend: 'of all requests' },
      ],
      unit: 'ratio',
      range: [0, 0.4],
      lastValue: true,
      width: 12,
      height: 6,
    },
    {
      title: 'By route: exporter:8001 is better',
      kind: 'timeseries',
      targets: [
        { expr: failedOn('light'), legend: 'light at {{instance}}', style: 'dashed' },
        { expr: failedOn('heavy'), legend: 'heavy at {{instance}}' },
      ],
      unit: 'ratio',
      range: [0, 1],
      width: 12,
      height: 6,
    },
    {
      title: 'In total: exporter:8001 is worse',
      kind: 'timeseries',
      targets: [{ expr: questions.ratios(window), legend: '{{instance}}' }],
      unit: 'ratio',
      range: [0, 0.4],
      width: 12,
      height: 6,
    },
    {
      title: 'All requests of the last 30 s: two groups, and none at 0.5 s',
      kind: 'buckets',
      targets: [{ expr: byBucket, legend: '{{le}}' }],
      unit: 'count',
      description: 'By the upper boundary of their bucket, in seconds.',
      width: 12,
      height: 6,
    },
    {
      title: 'Their buckets over time: every other minute more are slow',
      kind: 'heatmap',
      targets: [{ expr: byBucket, legend: '{{le}}' }],
      unit: 'count',
      width: 12,
      height: 6,
    },
  ],
  measuredIn: smallFleet,
  isActive: (lab) =>
    instancesIn(lab).some(({ simulates }) => simulates.includes('latency') && simulates.includes('errors')),
  exercises,
  picture,
  plan: {
    environment: {
      INSTANCES: '2',
      TRAFFIC: '90,10/70,30',
      LATENCY: '0.02',
      LATENCY_2: '0.9',
      ERRORS: 'light:90%:10%,heavy:10%:80%',
      ERRORS_2: 'light:20%:0%,heavy:80%:40%',
    },
  },
  check,
};
