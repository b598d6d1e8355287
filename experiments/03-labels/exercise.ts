import { coreCountProblem, fromStored, perScrape, tooFewSamples } from '../../lab/judging/expectation.ts';
import { gapSeconds, midpoints } from '../../lab/judging/instants.ts';
import { meanRange } from '../../lab/judging/ranges.ts';
import { asked, seriesOf, unevenGauge } from '../../lab/judging/scenario.ts';
import { steps } from '../../lab/judging/world.ts';
import type { Exercise, Range, World } from '../../lab/model/exercise.ts';
import { cores } from '../../lab/model/metrics.ts';

const busyPercent = 50;
const minute = 60;
const selector = cores;

const fourCores: World = {
  where: 'on a machine with four cores',
  series: [
    [60, 20, 95],
    [70, 20, 51],
    [55, 20, 52],
    [busyPercent, 20, 53],
  ].map(([first, then, last], index) =>
    seriesOf(selector, steps([0, first!], [100, then!], [200, last!]), { core: `core${index + 1}` }),
  ),
  at: [50, 150, 250],
};

const threeCores: World = {
  asks: { each: 'core' },
  where: 'on a machine with three cores that was busier before',
  series: [40, 60, 90].map((most, index) =>
    seriesOf(selector, unevenGauge(minute, most), { core: `core${index + 1}` }),
  ),
  at: [asked],
  tolerance: 0.1,
};

export const exercises: readonly Exercise[] = [
  {
    task: `How many cores are over ${busyPercent} % busy? One number at every instant, also where it is 0.`,
    start: `${cores} > ${busyPercent}`,
    hints: [
      'A comparison keeps the series for which it is true, with their own values.',
      '`count()` counts series, but where there is none it gives nothing, not 0.',
      'With `bool` a comparison gives 1 or 0 for every series: these can be added up.',
    ],
    answer: `sum(${cores} > bool ${busyPercent})`,
    why: 'A comparison is a filter, with `bool` it is a figure: only the figure is there when nothing fits.',
    mistakes: [
      {
        query: `count(${cores} > ${busyPercent})`,
        why: 'a count of no series is nothing, not 0: where no core is busy, the line has a gap',
      },
      {
        query: `sum(${cores} > ${busyPercent})`,
        why: 'this adds up the percentages of the busy cores; how many they are is their count',
      },
      {
        query: `count(${cores})`,
        why: 'this counts all cores, busy or not; so it does with `bool`, where one that is 0 is a series as well',
      },
      { query: `${cores} > bool ${busyPercent}`, why: 'this is 1 or 0 for each core: put them together to one number' },
    ],
    alsoRight: [
      `count(${cores} > ${busyPercent}) or vector(0)`,
      `sum by (job) (${cores} > bool ${busyPercent})`,
      `count(${cores}) - (count(${cores} <= ${busyPercent}) or vector(0))`,
    ],
    alsoWrong: [
      `count(${cores} > bool ${busyPercent})`,
      `sum(${cores} > bool 40)`,
      `sum(${cores} >= bool ${busyPercent})`,
      `sum(${cores} < bool ${busyPercent})`,
      `sum by (core) (${cores} > bool ${busyPercent})`,
      `(${cores}{core="core1"} > bool ${busyPercent}) + ignoring (core) (${cores}{core="core2"} > bool ${busyPercent})`,
      `2 * avg(${cores} > bool ${busyPercent})`,
      `max(${cores} > bool ${busyPercent}) + min(${cores} > bool ${busyPercent})`,
    ],
    worlds: [fourCores],
    expected: fromStored({
      selector,
      readSeconds: 900,
      candidates: perScrape('core', (values) => values.filter((value) => value > busyPercent).length),
      instead: coreCountProblem(1, 4),
    }),
  },
  {
    task: 'How busy was each core on average over the last minute, in percent? One line for each core.',
    start: `avg(${cores})`,
    hints: [
      '`avg()` aggregates the series at one instant: the label is dropped.',
      'A function whose name ends in `_over_time` works on each series by itself and keeps its labels.',
    ],
    answer: `avg_over_time(${cores}[1m])`,
    why: 'There are two ways to average: across series, which drops labels, and over time, which keeps them.',
    mistakes: [
      { query: `avg(${cores})`, why: 'this is the average of the cores at one instant: one line, and no minute in it' },
      { query: cores, why: 'these are the last samples, not the average of a minute' },
      {
        query: `avg(avg_over_time(${cores}[1m]))`,
        why: 'this averages over time and then across the cores: the label is dropped',
      },
      { query: `max_over_time(${cores}[1m])`, why: 'this is the highest sample of the minute, not the average' },
    ],
    alsoRight: [
      `sum_over_time(${cores}[1m]) / count_over_time(${cores}[1m])`,
      `avg by (core) (avg_over_time(${cores}[1m]))`,
      `avg_over_time(${cores}[1m:5s])`,
      `round(avg_over_time(${cores}[1m]))`,
    ],
    alsoWrong: [
      `avg_over_time(${cores}[30s])`,
      `avg_over_time(${cores}[2m])`,
      `min_over_time(${cores}[1m])`,
      `quantile_over_time(0.5, ${cores}[1m])`,
      `avg_over_time(${cores}{core=~"core[12]"}[1m])`,
    ],
    worlds: [threeCores],
    mayBeRounded: true,
    slowestSeconds: 30,
    expected: fromStored({
      selector,
      readSeconds: 900,
      windowSeconds: minute,
      candidates: (series, lab) =>
        midpoints(series[0]?.samples ?? [], gapSeconds(lab)).flatMap(({ at }) => {
          const means = series.map(({ labels, samples }): [string, Range | undefined] => [
            labels.core ?? '',
            meanRange(samples, at, minute, lab.scrapeSeconds),
          ]);
          if (means.some(([, range]) => range === undefined)) return [];
          return [{ at, label: 'core', each: Object.fromEntries(means) as Record<string, Range> }];
        }),
      instead: (lab) => coreCountProblem(2, 64)(lab) ?? tooFewSamples(minute, 2)(lab),
    }),
  },
];
