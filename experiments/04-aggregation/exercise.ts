import { mean } from '../../lab/evidence/samples.ts';
import { coreCountProblem, fromStored, perScrape } from '../../lab/judging/expectation.ts';
import { seriesOf } from '../../lab/judging/scenario.ts';
import { steps } from '../../lab/judging/world.ts';
import type { Exercise, World } from '../../lab/model/exercise.ts';
import { cores, cpu, recordedAverage } from '../../lab/model/metrics.ts';

const fromCores = (figure: (values: number[]) => number): Exercise['expected'] =>
  fromStored({
    selector: cores,
    readSeconds: 900,
    candidates: perScrape('core', figure),
    instead: coreCountProblem(2, 64),
  });

const threeCores: World = {
  where: 'on a machine with three cores',
  series: [
    [20, 90],
    [50, 10],
    [95, 20],
  ].map(([first, then], index) => seriesOf(cores, steps([0, first!], [100, then!]), { core: `core${index + 1}` })),
  at: [50, 150],
};

export const exercises: readonly Exercise[] = [
  {
    task: 'How busy is the whole machine, in percent?',
    start: cores,
    hints: [
      'Every core has a percentage of its own. Together they are one machine, which cannot be busier than 100 %.',
      'Percentages of different wholes do not add up.',
      'An aggregation such as `sum()`, `max()` or `avg()` makes one number of several series.',
    ],
    answer: `avg(${cores})`,
    why: 'Sum what adds up, average what does not: no unit stands in the result to warn you.',
    mistakes: [
      { query: `sum(${cores})`, why: 'this is the sum: two cores at 60 % are not 120 %' },
      { query: `max(${cores})`, why: 'this is the busiest core: the others may be idle' },
      { query: `min(${cores})`, why: 'this is the idlest core' },
      { query: cores, why: 'this is each core by itself: put them together' },
      { query: cpu, why: 'this is another signal of the lab, not the cores' },
      { query: `avg_over_time(${cores}[1m])`, why: 'this averages each core over time: the cores are still apart' },
    ],
    alsoRight: [
      `sum(${cores}) / count(${cores})`,
      `avg without (core) (${cores})`,
      `scalar(avg(${cores}))`,
      recordedAverage,
      `round(avg(${cores}))`,
    ],
    alsoWrong: [
      `quantile(0.5, ${cores})`,
      `sum(${cores}) / 2`,
      `(${cores}{core="core1"} + ignoring (core) ${cores}{core="core2"}) / 2`,
      `(max(${cores}) + min(${cores})) / 2`,
      `avg(${cores}{core=~"core1|core2"})`,
      `avg(${cores}) * 2`,
    ],
    worlds: [threeCores],
    mayBeRounded: true,
    expected: fromCores(mean),
  },
  {
    task: 'By how many percentage points is the busiest core busier than the average of all cores?',
    start: `${cores} - avg(${cores})`,
    hints: [
      'An operator between two queries pairs series that have the same labels, and drops the others without a word.',
      '`avg()` has no labels left: pair it with something that has none either.',
      '`max()` has none.',
    ],
    answer: `max(${cores}) - avg(${cores})`,
    why: 'Both sides of an operator need the same labels: two aggregations have, a series and an aggregation have not.',
    mistakes: [
      {
        query: `max(${cores} - avg(${cores}))`,
        why: 'the cores have a label and the average has none: nothing pairs, and the difference is empty',
      },
      {
        query: `topk(1, ${cores}) - avg(${cores})`,
        why: '`topk()` keeps the labels of the series it picks: nothing pairs with an average that has none',
      },
      { query: `max(${cores})`, why: 'this is the busiest core itself' },
      {
        query: `max(${cores}) - min(${cores})`,
        why: 'this is how far it is above the idlest core, not above the average',
      },
      { query: `max(${cores}) / avg(${cores})`, why: 'this is a ratio: percentage points are a difference' },
      {
        query: `${cores} - scalar(avg(${cores}))`,
        why: 'this is the difference of every core: the busiest one is asked for',
      },
    ],
    alsoRight: [
      `max(${cores} - scalar(avg(${cores})))`,
      `max(${cores} - on (job) group_left () avg by (job) (${cores}))`,
      `round(max(${cores}) - avg(${cores}))`,
    ],
    alsoWrong: [
      `stddev(${cores})`,
      `(max(${cores}) - min(${cores})) / 2`,
      `max(${cores}) - sum(${cores}) / 2`,
      `max(${cores}) - quantile(0.5, ${cores})`,
      `avg(${cores}) - max(${cores})`,
      `avg(${cores}) - min(${cores})`,
    ],
    worlds: [threeCores],
    mayBeRounded: true,
    expected: fromCores((values) => Math.max(...values) - mean(values)),
  },
];
