import { instancesIn } from '../../lab/evidence/fleet.ts';
import type { Lesson } from '../../lab/model/lesson.ts';
import { pair } from '../../lab/model/shared-state.ts';
import { exercises } from './exercise.ts';
import { questions, routed } from './findings.ts';
import { picture } from './picture.ts';
import { check } from './verdict.ts';

const window = '30s';
const averageP95 = questions.averageP95(window);
const pooledP95 = questions.pooledP95(window);
const averageRatio = questions.averageRatio(window);
const pooledRatio = questions.pooledRatio(window);

export const lesson: Lesson = {
  title: 'Averages',
  chapter: 'Fleets',
  minutes: 8,
  question: 'Two instances, one of them small and slow. What is the average of their percentiles?',
  change: 'own',
  layer: 'producer',
  changes:
    'two instances: one has 90 % of the requests, every other minute 70 %, and answers in 0.02 s; the other has the rest and answers in 0.9 s',
  matters:
    'an average of averages, percentiles or ratios weighs a small instance like a large one, and is nobody’s number',
  todo: [
    'Graph both 95th percentiles: the average says half a second, where no request took that long, and does not notice that the traffic turns.',
    'Graph both error ratios: the average makes much of an instance with few requests.',
    'Compare the error ratios by route, and then in all: they turn.',
  ],
  queries: [
    { expr: averageP95, read: '0.4996 s: half-way between the two, and no request of either' },
    {
      expr: pooledP95,
      read: '0.75 s, every other minute 0.92 s: in the bucket of 0.5 to 1 s, where the slow requests are',
    },
    {
      expr: averageRatio,
      read: 'about 24 %, whatever the traffic: the small instance counts as much as the large one',
    },
    { expr: pooledRatio, read: 'about 18 %, every other minute 21 %: what a user meets' },
    {
      expr: `${routed}{code="500"} / ignoring (code) ${routed}{code="200"}`,
      read: 'failed by answered since the start: on each route the second instance is the better one',
    },
  ],
  expect:
    'An average of percentiles of 0.5 s that no request took, and an error ratio that is too high by up to a third.',
  insight:
    'Add up first, divide or take the percentile last: sum by (le) of the buckets, sum of the errors by sum of the requests. And compare like with like: the mix of routes can turn a ratio.',
  lookBack: '5m',
  panels: [
    {
      title: '95th percentile: averaged it is nobody’s',
      kind: 'timeseries',
      targets: [
        { expr: averageP95, legend: 'average of both' },
        { expr: pooledP95, legend: 'of all requests' },
      ],
      unit: 'seconds',
      range: [0, 1],
      width: 12,
      height: 9,
    },
    {
      title: 'Errors per request: averaged it is too high',
      kind: 'timeseries',
      targets: [
        { expr: averageRatio, legend: 'average of both' },
        { expr: pooledRatio, legend: 'of all requests' },
      ],
      unit: 'ratio',
      range: [0, 1],
      width: 12,
      height: 9,
    },
    {
      title: 'By route: exporter:8001 is the better one',
      kind: 'timeseries',
      targets: [{ expr: questions.routes(window), legend: '{{route}} at {{instance}}' }],
      unit: 'ratio',
      range: [0, 1],
      width: 12,
      height: 8,
    },
    {
      title: 'In all: exporter:8001 is the worse one',
      kind: 'timeseries',
      targets: [{ expr: questions.ratios(window), legend: '{{instance}}' }],
      unit: 'ratio',
      range: [0, 1],
      width: 12,
      height: 8,
    },
  ],
  measuredIn: pair,
  inForce: (lab) => instancesIn(lab).some(({ plays }) => plays.includes('latency') && plays.includes('errors')),
  exercises,
  picture,
  check,
};
