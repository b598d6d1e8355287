import { instancesIn } from '../../lab/evidence/fleet.ts';
import { duration, seconds } from '../../lab/model/format.ts';
import type { Lesson } from '../../lab/model/lesson.ts';
import { smallFleet } from '../../lab/model/shared-state.ts';
import { comparisons } from './comparisons.ts';
import { exercises } from './exercise.ts';
import { lifeFor, plainGauge, stampedGauge, stampedJob } from './findings.ts';
import { picture } from './picture.ts';
import { check } from './verdict.ts';

const own = '{job="my_app",instance="exporter:8000"}';

export const lesson: Lesson = {
  title: 'Dead but shown',
  chapter: 'Metrics',
  minutes: 9,
  question: 'A sensor has stopped. Why does its graph continue for five minutes?',
  change: 'own',
  layer: 'producer',
  changes:
    'two gauges that stop after 20 s, one of them exposed with its own timestamps; and an instance in a job with the fix',
  matters: 'a series exposed with its own timestamps is not marked as stale, and `absent()` is silent for five minutes',
  todo: [
    'Graph both gauges: one line ends, the other continues, flat.',
    'Query the age of the sample: it grows, while the value stays the same.',
    `Compare with the job ${stampedJob}: its line ends at once.`,
  ],
  queries: [
    { expr: plainGauge, read: 'empty: stale since the first scrape without it', noValue: 'on purpose' },
    {
      expr: stampedGauge,
      read: 'shown for 5 minutes after its last timestamp, as if it were current',
      noValue: 'at rest',
    },
    {
      expr: `time() - timestamp(${stampedGauge})`,
      read: 'the age of the value: it should never be more than a few scrape intervals',
      noValue: 'at rest',
    },
    {
      expr: `absent(${stampedGauge}${own})`,
      read: 'empty while the old value is shown: an alert on it is five minutes late',
      noValue: 'on purpose',
    },
    { expr: `absent(${plainGauge}${own})`, read: '1 since the first scrape without it' },
  ],
  expect: 'The plain gauge ends; the one with timestamps stays for five minutes, except in the job with the fix.',
  insight:
    'Leave timestamps to Prometheus. If an exporter exposes its own, set track_timestamps_staleness in its scrape job, or alert on the age of the sample.',
  lookBack: '10m',
  panels: [
    {
      title:
        'All stop in the same second: one line continues for five minutes, without timestamps or with the fix it ends',
      kind: 'timeseries',
      targets: [
        { expr: `${stampedGauge}${own}`, legend: 'with timestamps', style: 'wide' },
        { expr: `${stampedGauge}{job="${stampedJob}"}`, legend: 'with timestamps, fixed', style: 'points' },
        { expr: `${plainGauge}${own}`, legend: 'plain' },
      ],
      unit: 'celsius',
      range: [15, 30],
      width: 24,
      height: 8,
    },
    {
      title: 'How old is the sample that is shown?',
      kind: 'timeseries',
      targets: [{ expr: `time() - timestamp(${stampedGauge}${own})`, legend: 'age' }],
      unit: 'seconds',
      width: 12,
      height: 8,
    },
    {
      title: 'Does absent() notice?',
      kind: 'timeline',
      targets: [
        { expr: `count(absent(${plainGauge}${own})) or 0 * count(${plainGauge}${own})`, legend: 'plain' },
        { expr: `count(absent(${stampedGauge}${own})) or 0 * count(${stampedGauge}${own})`, legend: 'with timestamps' },
      ],
      names: { 0: { text: 'there', colour: 'green' }, 1: { text: 'absent', colour: 'orange' } },
      unit: 'state',
      width: 12,
      height: 8,
    },
  ],
  happensOnce: true,
  measuredIn: smallFleet,
  isActive: (lab) => instancesIn(lab).some(({ simulates }) => simulates.includes('timestamps')),
  exercises,
  picture,
  comparisons,
  comparedOn: { INSTANCES: '2', TIMESTAMPS_2: '20s' },
  tooCoarse: ({ scrapeSeconds }) =>
    scrapeSeconds > 10
      ? {
          reason: `at a scrape every ${seconds(scrapeSeconds)} the gauges may stop before the first one, unless TIMESTAMPS is longer`,
          type: `make exp-16 TIMESTAMPS=${duration(lifeFor(scrapeSeconds))}`,
          isByChance: true,
        }
      : undefined,
  plan: { environment: { INSTANCES: '2', TIMESTAMPS: '20s', JOB_2: 'my_app_stamped' } },
  check,
};
