import { instancesIn } from '../../lab/evidence/fleet.ts';
import type { Lesson } from '../../lab/model/lesson.ts';
import { pair } from '../../lab/model/shared-state.ts';
import { comparisons } from './comparisons.ts';
import { exercises } from './exercise.ts';
import { plainGauge, stampedGauge, stampedJob } from './findings.ts';
import { picture } from './picture.ts';
import { check } from './verdict.ts';

const own = '{job="my_app",instance="exporter:8000"}';

export const lesson: Lesson = {
  title: 'Dead but shown',
  chapter: 'Metrics',
  minutes: 9,
  question: 'A sensor is dead. Why does its graph go on for five minutes?',
  change: 'own',
  layer: 'producer',
  changes:
    'two gauges that stop after 20 s, one of them with timestamps of its own; and an instance in a job with the cure',
  matters: 'what carries its own timestamp has no end: its last value looks alive, and no alert on its absence fires',
  todo: [
    `Graph both gauges: one line ends, the other goes on, flat.`,
    'Ask for the age of the sample: it grows, while the value stays.',
    `Compare with the job ${stampedJob}: its line ends at once.`,
  ],
  queries: [
    { expr: plainGauge, read: 'empty: gone with the first scrape that does not have it', noValue: 'on purpose' },
    {
      expr: stampedGauge,
      read: 'shown for 5 minutes after its last timestamp, as if it were of now',
      noValue: 'at rest',
    },
    {
      expr: `time() - timestamp(${stampedGauge})`,
      read: 'the age of what is shown: it should never be older than some scrapes',
      noValue: 'at rest',
    },
    {
      expr: `absent(${stampedGauge}${own})`,
      read: 'says nothing as long as the dead value is shown: an alert on it is five minutes late',
      noValue: 'at rest',
    },
    { expr: `absent(${plainGauge}${own})`, read: '1 since the first scrape without it' },
  ],
  expect: 'The plain gauge ends; the stamped one stays for five minutes, except under the job with the cure.',
  insight:
    'Leave timestamps to Prometheus. Where an exporter sends its own, set track_timestamps_staleness on its job, or alert on the age of the sample.',
  lookBack: '5m',
  panels: [
    {
      title: 'Both stop in the same second: one line goes on',
      kind: 'timeseries',
      targets: [
        { expr: `${plainGauge}${own}`, legend: 'plain' },
        { expr: `${stampedGauge}${own}`, legend: 'with timestamps' },
      ],
      unit: 'count',
      width: 12,
      height: 9,
    },
    {
      title: 'The cure: under its own job the line ends, too',
      kind: 'timeseries',
      targets: [{ expr: `${stampedGauge}{job="${stampedJob}"}`, legend: 'with timestamps, and the cure' }],
      unit: 'count',
      width: 12,
      height: 9,
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
      title: 'Does absent() know that it is dead?',
      kind: 'timeline',
      targets: [
        { expr: `absent(${plainGauge}${own})`, legend: 'plain absent', colour: 'red' },
        { expr: `absent(${stampedGauge}${own})`, legend: 'stamped absent', colour: 'red' },
        { expr: `max(${stampedGauge}${own} > 0) > bool 0`, legend: 'stamped shown', colour: 'green' },
      ],
      unit: 'state',
      width: 12,
      height: 8,
    },
  ],
  happensOnce: true,
  measuredIn: pair,
  inForce: (lab) => instancesIn(lab).some(({ plays }) => plays.includes('timestamps')),
  exercises,
  picture,
  comparisons,
  check,
};
