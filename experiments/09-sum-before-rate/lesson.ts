import { instancesIn } from '../../lab/evidence/fleet.ts';
import { seconds } from '../../lab/model/format.ts';
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
  question: 'One of three instances leaves. Why does the graph show thousands of requests per second?',
  change: 'own',
  layer: 'producer',
  changes: 'three instances, one of which leaves a minute after the start',
  matters:
    '`rate()` corrects for counter resets; a sum of counters drops for other reasons, and nothing can correct that',
  todo: [
    'Graph both rates together: they agree, except in the 30 s after an instance joined or left. On the rate of the sum Prometheus notes that the metric “might not be a counter”: heed it.',
    'Graph the sum itself: it jumps by about 100,000 with each instance that joins, and drops with the one that leaves.',
    'Graph the counters: none of them ever dropped, one of them ended.',
  ],
  queries: [
    { expr: recordedSum, read: 'a recording rule that sums the counters first: a ramp with a drop' },
    { expr: rateOfSum, read: 'for 30 s, thousands of requests per second that never happened' },
    { expr: sumOfRates, read: 'the rate of each instance first, then the sum: what really arrived' },
    { expr: `resets(${recordedSum}[5m])`, read: 'the drop counts as a counter reset, although no process restarted' },
    { expr: `${counter}`, read: 'the counters themselves: one line ends, the others continue' },
  ],
  expect:
    'Once all three instances are up, both lines agree. When one leaves, the rate of the sum jumps to thousands of requests per second for 30 s; the sum of the rates loses that instance’s share.',
  insight:
    'First rate(), then sum(). Never record a sum of counters: a counter reset in it looks like an instance that joined or left.',
  lookBack: '10m',
  panels: [
    {
      title: 'Sum first: its drop becomes requests that never happened',
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
      lastValue: true,
      width: 12,
      height: 9,
    },
    {
      title: 'The sum of counters: a step for each that joins or leaves',
      kind: 'timeseries',
      targets: [{ expr: recordedSum, legend: 'sum of the counters' }],
      unit: 'count',
      width: 12,
      height: 8,
    },
    {
      title: 'The counters: one line ends, the others continue',
      kind: 'timeseries',
      // Two of them have a past of about 100,000: the one that leaves is drawn last, and broad.
      targets: [
        { expr: `${counter}{instance="exporter:8002"}`, legend: '{{instance}}', style: 'wide' },
        { expr: `${counter}{instance!="exporter:8002"}`, legend: '{{instance}}' },
      ],
      unit: 'count',
      width: 12,
      height: 8,
    },
  ],
  picture,
  exercises,
  comparisons,
  comparedOn: { INSTANCES: '3', COUNTER_START: '100000', LEAVES_AFTER: '60s' },
  // By way of the base: nothing of another fleet is in the sum.
  precondition: 'scraped',
  happensOnce: true,
  measuredIn: fleet,
  isActive: (lab) => instancesIn(lab).some(({ leavesAt }) => leavesAt !== undefined),
  tooCoarse: ({ scrapeSeconds }) =>
    scrapeSeconds > 30
      ? {
          reason: `at a scrape every ${seconds(scrapeSeconds)} an instance may leave before the sum has held all three`,
          type: 'make exp-9 SCRAPE_INTERVAL=5s',
          isByChance: true,
        }
      : undefined,
  plan: {
    environment: { INSTANCES: '3', COUNTER_START: '100000', LEAVES_AFTER: '60s' },
    rules: [{ record: recordedSum, expr: `sum by (job) (${counter})` }],
  },
  check,
};
