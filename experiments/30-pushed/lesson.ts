import { instancesIn } from '../../lab/evidence/fleet.ts';
import type { Lesson } from '../../lab/model/lesson.ts';
import { exercises } from './exercise.ts';
import { picture } from './picture.ts';
import { orders, outOfOrder, recorded, recordedLater, refused, visits } from './pushed.ts';
import { check } from './verdict.ts';

const pointsOf = (devices: string): string => `count_over_time(${devices}[10s])`;
const ageOf = (devices: string): string => `time() - timestamp(${devices})`;
const [points, age] = [pointsOf(orders), ageOf(orders)];
/** The two processes of twins count 20 a second, patient 10. */
const increased = (instance: string) => `increase(${visits}{instance="${instance}"}[10s])`;
const [visited, asked] = [increased('twins'), increased('patient')];
/** Two devices do the same: the line of one is drawn below that of the other, and broad. */
const [below, others] = [`${orders}{instance="north"}`, `${orders}{instance!="north"}`];

export const lesson: Lesson = {
  title: 'Pushed',
  chapter: 'Metrics',
  minutes: 7,
  question: 'One point of a request is late. What else is lost?',
  change: 'own',
  layer: 'producer',
  changes: 'eight devices push by OTLP, mostly a point a second; Prometheus receives it',
  matters: 'a pushed request is stored as a whole or not at all, and nobody misses a device that stops',
  requires: 'OTLP',
  todo: [
    'Graph the points that are stored of each device in 10 s: ten are pushed.',
    'Find out what says that some are lost: the counter of samples out of order, or that of the requests.',
    'Graph what two rules recorded of patient, which was offline for 8 s, and increase() asked now.',
    'Compare with 200 what increase() says of the two processes that push under one name: each counts 10 a second.',
    'Query the device that has stopped: it is shown for five minutes, and it has no up.',
  ],
  queries: [
    { expr: points, read: 'ten are pushed by each that is online', noValue: 'at rest' },
    { expr: outOfOrder, read: 'one for each request that ended at a late point' },
    { expr: refused, read: 'each request that was refused, whatever was in it', noValue: 'at rest' },
    { expr: asked, read: '100 in 10 s, once what it had missed has come', noValue: 'at rest' },
    { expr: recorded, read: 'what a rule saw at once: 35 while it was offline', noValue: 'at rest' },
    { expr: recordedLater, read: 'what a rule saw 10 s later: nothing is missing', noValue: 'at rest' },
    { expr: visited, read: 'far over 200: it is one series of two counts', noValue: 'at rest' },
    { expr: age, read: 'how old the newest sample is: all that says that a device has stopped', noValue: 'at rest' },
    {
      expr: `absent_over_time(${orders}{instance="stopped"}[5s])`,
      read: '1 once it has pushed nothing for 5 s',
    },
    { expr: 'up{job="devices"}', read: 'empty: nobody scrapes them', noValue: 'always' },
  ],
  expect:
    'Of 16 points of mixed four are lost, of 16 of north and of south eight; the counter of samples out of order says 2. A device that sends deltas is not stored at all, and two processes under one name count 280 of which increase() makes 8,928. A rule recorded 35 where increase() asked now says up to 100.',
  insight:
    'Watch the answers of the receiver, not the counters of samples. Send what was missed before what is new, or let Prometheus take what is late (out_of_order_time_window): a rule has recorded what was there by then, so give it a query_offset. Send cumulative counters, give each process a service.instance.id of its own, and alert on the age of what is pushed, or with absent_over_time().',
  lookBack: '10m',
  panels: [
    {
      title: 'Ten points pushed in 10 s: how many are stored?',
      kind: 'timeseries',
      targets: [
        { expr: pointsOf(below), legend: '{{instance}}', style: 'wide' },
        { expr: pointsOf(others), legend: '{{instance}}', style: 'steps' },
      ],
      unit: 'count',
      range: [0, 12],
      threshold: 10,
      width: 12,
      height: 9,
    },
    {
      title: 'A rule while patient was offline, and asked now',
      kind: 'timeseries',
      targets: [
        { expr: asked, legend: 'asked now', style: 'wide' },
        { expr: recordedLater, legend: 'recorded 10 s later', style: 'steps' },
        { expr: recorded, legend: 'recorded at once', style: 'steps' },
      ],
      unit: 'count',
      width: 12,
      height: 9,
    },
    {
      title: 'Requests refused: the only witness',
      kind: 'timeseries',
      targets: [{ expr: refused, legend: 'code {{code}}', style: 'steps' }],
      unit: 'count',
      width: 8,
      height: 8,
    },
    {
      title: 'One name, two processes: increase()',
      kind: 'timeseries',
      targets: [{ expr: visited, legend: '{{instance}}' }],
      unit: 'count',
      threshold: 200,
      width: 8,
      height: 8,
    },
    {
      title: 'How old is the newest point?',
      kind: 'timeseries',
      targets: [
        { expr: ageOf(below), legend: '{{instance}}', style: 'wide' },
        { expr: ageOf(others), legend: '{{instance}}' },
      ],
      unit: 'seconds',
      width: 8,
      height: 8,
    },
  ],
  happensOnce: true,
  isActive: (lab) => instancesIn(lab).some(({ simulates }) => simulates.includes('devices')),
  exercises,
  picture,
  plan: { needs: 'a Prometheus that receives OTLP' },
  check,
};
