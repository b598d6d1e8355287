import { instancesIn } from '../../lab/evidence/fleet.ts';
import type { Lesson } from '../../lab/model/lesson.ts';
import { requests as counter } from '../../lab/model/metrics.ts';
import { fleet } from '../../lab/model/shared-state.ts';
import { comparisons } from './comparisons.ts';
import { exercises } from './exercise.ts';
import { recordedSum } from './findings.ts';
import { picture } from './picture.ts';
import { check } from './verdict.ts';

const window = '30s';
const rateOfSum = `rate(${recordedSum}[${window}])`;
const sumOfRates = `sum by (job) (rate(${counter}[${window}]))`;

export const lesson: Lesson = {
  title: 'Sum before rate',
  chapter: 'Fleets',
  minutes: 6,
  question: 'One of three instances goes away. Why does the graph show thousands of requests a second?',
  change: 'own',
  layer: 'producer',
  changes: 'three instances, one of which leaves a minute after the start',
  matters:
    '`rate()` repairs the restarts of a counter; a sum of counters falls for other reasons, and nothing can repair that',
  todo: [
    'Graph both rates at once: they agree, but for the half minute after an instance came or went.',
    'Graph the sum itself: it rises by about 100,000 with each instance that comes, and falls with the one that leaves.',
    'Graph the counters: none of them ever fell, one of them ended.',
  ],
  queries: [
    { expr: recordedSum, read: 'a recording rule that adds the counters up first: a ramp with a cliff' },
    { expr: rateOfSum, read: 'for half a minute thousands of requests a second that never were' },
    { expr: sumOfRates, read: 'first the rate of each instance, then the sum: what really arrived' },
    { expr: `resets(${recordedSum}[5m])`, read: 'the cliff counts as a restart, though no process restarted' },
    { expr: `${counter}`, read: 'the counters themselves: one line ends, the others go on' },
  ],
  expect:
    'Once all three are there both lines agree. When one leaves, the wrong one jumps to thousands of requests a second for half a minute; the other loses what that one had.',
  insight:
    'First rate(), then sum(). Never record a sum of counters: once they are added up, nobody can tell a restart from an instance that came or went.',
  lookBack: '5m',
  panels: [
    {
      title: 'Sum first: a cliff in it becomes requests that never were',
      kind: 'timeseries',
      targets: [{ expr: rateOfSum, legend: 'rate of the sum' }],
      unit: 'requests per second',
      width: 12,
      height: 9,
    },
    {
      title: 'Rate first: what really arrived',
      kind: 'timeseries',
      targets: [{ expr: sumOfRates, legend: 'sum of the rates' }],
      unit: 'requests per second',
      width: 12,
      height: 9,
    },
    {
      title: 'The sum of counters: a step for each that comes or goes',
      kind: 'timeseries',
      targets: [{ expr: recordedSum, legend: 'sum of the counters' }],
      unit: 'count',
      width: 12,
      height: 8,
    },
    {
      title: 'The counters: one line ends, the others go on',
      kind: 'timeseries',
      targets: [{ expr: counter, legend: '{{instance}}' }],
      unit: 'count',
      width: 12,
      height: 8,
    },
  ],
  picture,
  exercises,
  comparisons,
  // By way of the base: nothing of another fleet is in the sum.
  precondition: 'scraped',
  happensOnce: true,
  measuredIn: fleet,
  inForce: (lab) => instancesIn(lab).some(({ leavesAt }) => leavesAt !== undefined),
  check,
};
