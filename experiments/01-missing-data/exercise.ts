import { only } from '../../lab/evidence/samples.ts';
import { betweenSamples, fromStored, type Source } from '../../lab/judging/expectation.ts';
import { gapSeconds, midpoints, spread } from '../../lab/judging/instants.ts';
import { meanRange, times } from '../../lab/judging/ranges.ts';
import { seriesOf } from '../../lab/judging/scenario.ts';
import { steps } from '../../lab/judging/world.ts';
import type { Exercise, World } from '../../lab/model/exercise.ts';
import { cores, cpu, job, requests, targetUp } from '../../lab/model/metrics.ts';

const up = `${targetUp}{job="${job}"}`;
const readSeconds = 900;
const windowSeconds = 120;

const otherwise: Source['otherwise'] = (lab) =>
  lab.exporter === undefined
    ? { kind: 'wait', seconds: lab.scrapeSeconds, reason: 'scrapes that fail' }
    : { kind: 'elsewhere', reason: 'no scrape failed in the last 15 minutes', type: 'make exp-1' };

/** An outage has to be there, to be distinguished from other times. */
const withOutage =
  (candidates: Source['candidates']): Source['candidates'] =>
  (series, lab) =>
    only(series).some(([, value]) => value === 0) ? candidates(series, lab) : [];

const whereDown: Source['candidates'] = (series, lab) => {
  const samples = only(series);
  return midpoints(samples, gapSeconds(lab)).map(({ at, index }) => ({ at, fires: samples[index]![1] === 0 }));
};

const reachedPercent = betweenSamples((samples, at, { scrapeSeconds }) => {
  const share = meanRange(samples, at, windowSeconds, scrapeSeconds);
  return share && times(100, share);
});

const itself = { job: 'prometheus', instance: 'prometheus:9090' };

const alertWorlds: readonly World[] = [
  {
    asks: 'alert',
    where: 'where the exporter answers and no longer exposes that metric',
    series: [
      seriesOf(targetUp, 1),
      seriesOf(targetUp, 1, itself),
      ...[cpu, cores, requests].map((name) => ({ ...seriesOf(name, 1), during: [0, 50] as const })),
    ],
    at: [100],
  },
  {
    asks: 'alert',
    where: 'where another target is down',
    series: [
      seriesOf(targetUp, steps([0, 1], [200, 0], [350, 1])),
      seriesOf(targetUp, steps([0, 0], [200, 1]), itself),
    ],
    at: [100, 300, 400],
  },
];

/** Down for 5 s of the last half minute, 40 s of the last minute, 60 s of the last two, and all the time before. */
const outages: World = {
  where: 'where the outages were others',
  series: [
    seriesOf(targetUp, steps([0, 0], [180, 1], [240, 0], [275, 1], [290, 0], [295, 1])),
    seriesOf(targetUp, 1, itself),
  ],
  at: [300],
  // A subquery may see the window an interval earlier.
  tolerance: 0.05,
};

export const exercises: readonly Exercise[] = [
  {
    task: 'Write the expression of an alert that is true while the exporter cannot be scraped, and at no other time.',
    start: cpu,
    hints: [
      'An alert is true where its expression returns a series, whatever the value of it is. A comparison keeps only the series that match.',
      'The metric of a target that is down is not zero, it is absent: an alert on it stays silent.',
      `Prometheus stores \`${up}\` after every scrape, failed ones included.`,
    ],
    answer: `${up} == 0`,
    why: '`up` is stored after every scrape, failed or not: the one metric of a target that survives its outage.',
    mistakes: [
      { query: `${cpu} == 0`, why: 'absent is not zero: there is no series left to compare' },
      { query: `absent(${up})`, why: '`up` is never absent: a failed scrape stores a sample of it, too' },
      {
        query: `absent(${cpu})`,
        why: 'a metric is absent as well where the exporter answers without it: `up` says which of the two it is',
      },
      { query: up, why: 'an alert is true where a series is returned at all, also one whose value is 0 or 1' },
      {
        query: `${up} == bool 0`,
        why: 'with `bool` a comparison returns 0 instead of nothing, and 0 is a series: always true',
      },
    ],
    alsoRight: [
      `${up} < 1`,
      `1 - ${up} > 0`,
      `${up} != 1 or vector(1) > 2`,
      'up{instance="exporter:8000"} == 0',
      `(${up} == bool 0) == 1`,
      `${up} unless ${up} == 1`,
    ],
    alsoWrong: [
      `${targetUp} == 0`,
      `${targetUp} != 1`,
      `min(${targetUp}) == 0`,
      `sum(${targetUp}) < 2`,
      `absent(${requests})`,
      `${up} == 1`,
      `avg_over_time(${up}[5m]) < 1`,
    ],
    worlds: alertWorlds,
    expected: fromStored({
      selector: up,
      readSeconds,
      candidates: withOutage(whereDown),
      choose: (candidates) =>
        [true, false].flatMap((isDown) =>
          spread(
            candidates.filter((each) => 'fires' in each && each.fires === isDown),
            3,
            ({ at }) => at,
          ),
        ),
      otherwise,
    }),
  },
  {
    task: 'What share of the scrapes of the exporter succeeded over the last two minutes, in percent?',
    start: up,
    hints: [
      '`up` is 1 or 0: its average is a share.',
      '`avg()` averages over series at one instant, `avg_over_time()` over the samples of each series.',
    ],
    answer: `100 * avg_over_time(${up}[2m])`,
    why: 'The average over time of a series of 0 and 1 is a share: that is how availability is measured.',
    mistakes: [
      { query: `100 * ${up}`, why: 'this is the last scrape alone, not two minutes of them' },
      {
        query: `100 * avg(${targetUp})`,
        why: '`avg()` averages over the targets at one instant: half of two targets is not half of the time',
      },
      { query: `avg_over_time(${up}[2m])`, why: 'this is a ratio from 0 to 1: percent is a hundred times that' },
      {
        query: `100 * avg_over_time(${targetUp}[2m])`,
        why: 'every target has an `up`: pick the one that is asked for',
      },
      {
        query: `sum_over_time(${up}[2m])`,
        why: 'this counts the scrapes that succeeded, without dividing by how many there were',
      },
    ],
    alsoRight: [
      `sum_over_time(${up}[2m]) / count_over_time(${up}[2m]) * 100`,
      'avg_over_time(up{instance="exporter:8000"}[120s]) * 100',
      `100 * avg_over_time(${up}[2m:5s])`,
      `round(100 * avg_over_time(${up}[2m]))`,
      `100 - 100 * avg_over_time((1 - ${up})[2m:5s])`,
    ],
    alsoWrong: [
      `100 * avg_over_time(${up}[1m])`,
      `100 * avg_over_time(${up}[4m])`,
      `100 * avg(avg_over_time(${targetUp}[2m]))`,
      `100 * min_over_time(${up}[2m])`,
      `1000 * avg_over_time(${up}[2m])`,
    ],
    worlds: [outages],
    mayBeRounded: true,
    expected: fromStored({
      selector: up,
      readSeconds,
      windowSeconds,
      candidates: withOutage(reachedPercent),
      otherwise,
    }),
  },
];
