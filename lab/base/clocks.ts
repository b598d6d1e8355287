import type { Step } from '../model/lesson.ts';
import type { Panel } from '../model/panel.ts';

/** The wave of CLOCKS, a series for each job. */
const wave = 'wave_simulated';
const samples = `count_over_time(${wave}[1m])`;
const changed = `max_over_time(${wave}[1m]) - min_over_time(${wave}[1m])`;

export const clocks: Step = {
  command: 'clocks',
  title: 'Clocks',
  overrides: ['compose.clocks.yaml'],
  layer: 'sampling',
  changes: 'three more jobs scrape one wave with a period of 24 s, every 1 s, 5 s and 30 s',
  matters: 'sampled less than twice per period, a wave aliases into one that does not exist',
  queries: [
    {
      expr: wave,
      read: 'the same wave three times: smooth, angular, and five times slower than it is',
      noValue: 'at rest',
    },
    { expr: samples, read: 'samples in the last minute: 60, 12 and 2', noValue: 'at rest' },
    {
      expr: changed,
      read: 'highest minus lowest in the last minute: nearly 100, less, and far less',
      noValue: 'at rest',
    },
    {
      expr: 'up{job=~"clock_.*"}',
      read: 'three targets, one address: each job has its own scrape interval',
      noValue: 'at rest',
    },
  ],
  expect: 'A period of 24 s in the first two lines, and one of 2 minutes in the third.',
  dashboard: 'lab-clocks',
  lookBack: '5m',
  isActive: ({ exporter }) => exporter?.fleet?.some(({ simulates }) => simulates.includes('clocks')) ?? false,
};

/** What its dashboard shows. */
export const clocksPanels: readonly Panel[] = [
  {
    title: 'One wave of 24 s: scraped every 30 s it takes 2 minutes',
    kind: 'timeseries',
    targets: [
      { expr: `${wave}{job="clock_30s"}`, legend: 'every 30 s', style: 'steps', colour: 'orange' },
      { expr: `${wave}{job="clock_5s"}`, legend: 'every 5 s', colour: 'purple' },
      { expr: `${wave}{job="clock_1s"}`, legend: 'every 1 s', colour: 'blue' },
    ],
    unit: 'percent',
    range: [0, 100],
    // The shortest of the three intervals: the data source's own is 5 s, and the first line would be the second.
    stepSeconds: 1,
    width: 24,
    height: 9,
  },
  {
    title: 'How many samples per minute are stored?',
    kind: 'timeseries',
    targets: [{ expr: samples, legend: '{{job}}' }],
    unit: 'count',
    width: 12,
    height: 7,
  },
  {
    title: 'How much of the wave is seen in a minute?',
    kind: 'timeseries',
    targets: [{ expr: changed, legend: '{{job}}' }],
    unit: 'percent',
    range: [0, 100],
    width: 12,
    height: 7,
  },
];
