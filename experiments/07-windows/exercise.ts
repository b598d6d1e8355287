import { isUnbroken, only } from '../../lab/evidence/samples.ts';
import { betweenSamples, fromStored, tooFewSamples } from '../../lab/judging/expectation.ts';
import { gapSeconds, midpoints, spread } from '../../lab/judging/instants.ts';
import { difference, rateRange } from '../../lab/judging/ranges.ts';
import { asked, restarted, restartWorld, seriesOf } from '../../lab/judging/scenario.ts';
import { counter } from '../../lab/judging/world.ts';
import type { Exercise, Range, World } from '../../lab/model/exercise.ts';
import type { Lab } from '../../lab/model/lab.ts';
import { recordedRate, requests } from '../../lab/model/metrics.ts';
import type { Sample } from '../../lab/promql/sample.ts';
import { inWindow, secondsBetween } from '../../lab/promql/window.ts';

const shortest = 30;
const longest = 120;
const minute = 60;
const tenMinutes = 600;

const rateBetween = (first: Sample, last: Sample): number => (last[1] - first[1]) / secondsBetween(first, last);

/** The rates that windows from half a minute to two minutes give, however they lie to the samples. */
const calmRange = (samples: readonly Sample[], at: number, { scrapeSeconds }: Lab): Range | undefined => {
  if (!isUnbroken(samples, at - longest - 2 * scrapeSeconds, at, 1.5 * scrapeSeconds)) return undefined;
  const rates = [at, at - scrapeSeconds].flatMap((end) => {
    const inside = inWindow(samples, end, longest);
    const last = inside.at(-1)!;
    const latest = Math.min(end - shortest + scrapeSeconds, last[0] - scrapeSeconds / 2);
    return inside.filter(([time]) => time <= latest).map((first) => rateBetween(first, last));
  });
  return rates.length === 0 ? undefined : [Math.min(...rates), Math.max(...rates)];
};

/** How far the rate between the last two samples is from the middle of the range. */
const noise = (samples: readonly Sample[], index: number, [low, high]: Range): number => {
  return rateBetween(samples[index - 1]!, samples[index]!) - (low + high) / 2;
};

type Wavering = { at: number; number: Range; noise: number };

/** A rate of now, and one of ten minutes ago; each is another outside its minute and in the older half of it. */
const thenAndNow: World = {
  where: 'where the traffic is another each minute',
  series: [
    seriesOf(
      requests,
      counter([
        [0, 60],
        [asked - tenMinutes - minute - 2, 15],
        [asked - tenMinutes - minute / 2, 5],
        [asked - tenMinutes + 2, 60],
        [asked - minute - 2, 30],
        [asked - minute / 2, 10],
      ]),
    ),
  ],
  at: [asked],
  tolerance: 0.1,
};

const moreAndRestarted: World = {
  where: 'where the exporter restarted in the last minute',
  series: [seriesOf(requests, `${restarted(minute, 20)} - 15 * (t - ${asked - 300}) * (t < bool ${asked - 300})`)],
  at: [asked],
  tolerance: 0.1,
};

export const exercises: readonly Exercise[] = [
  {
    task: 'Requests per second for a dashboard: calm enough to read, from half a minute of samples at least, and yet no more than two minutes late after a step in traffic.',
    start: `rate(${requests}[10s])`,
    hints: [
      'A window of w seconds is calmer the longer it is, and about w seconds late after a step.',
      'Any window from half a minute to two minutes is right.',
    ],
    answer: `rate(${requests}[1m])`,
    why: 'A window is a choice between noise and delay: a handful of scrapes is calm enough for the eye.',
    mistakes: [
      {
        query: `irate(${requests}[1m])`,
        why: 'this is the rate between two samples, as `irate()` and a window of two scrapes give it: quick, and it never stands still',
      },
      {
        query: `rate(${requests}[10m])`,
        why: 'ten minutes are calm, but after a step this line arrives nine minutes late',
      },
      {
        query: `rate(${requests}[1s])`,
        why: 'a rate needs two samples: a window shorter than two scrape intervals holds one at most',
      },
      { query: `increase(${requests}[1m])`, why: 'this is per minute: sixty times too much for a second' },
      { query: `avg_over_time(${requests}[1m])`, why: 'this averages the height of the counter, which says nothing' },
      {
        query: `delta(${requests}[1m]) / 60`,
        why: '`delta()` is for gauges: after a restart of the exporter this line drops far below 0',
      },
    ],
    alsoRight: [
      `rate(${requests}[30s])`,
      `rate(${requests}[45s])`,
      `rate(${requests}[2m])`,
      `sum(increase(${requests}[2m])) / 120`,
      `sum by (instance) (rate(${requests}[1m]))`,
      recordedRate,
    ],
    alsoWrong: [
      `rate(${requests}[15s])`,
      `rate(${requests}[5m])`,
      `deriv(${requests}[1m])`,
      `(${requests} - ${requests} offset 1m) / 60`,
      `rate(${requests}[1m]) * 60`,
      `rate(${requests}[1m] offset 5m)`,
    ],
    worlds: [restartWorld(requests, shortest, 20)],
    slowestSeconds: 10,
    expected: fromStored<Wavering>({
      selector: requests,
      readSeconds: 3_600,
      windowSeconds: longest,
      candidates: (series, lab) => {
        const samples = only(series);
        return midpoints(samples, gapSeconds(lab)).flatMap(({ at, index }) => {
          const number = calmRange(samples, at, lab);
          return number ? [{ at, number, noise: noise(samples, index, number) }] : [];
        });
      },
      choose: (candidates) => [
        ...new Set([...spread(candidates, 4), ...spread(candidates, 2, (candidate) => candidate.noise)]),
      ],
      instead: tooFewSamples(minute, 6),
    }),
  },
  {
    task: 'How many more requests per second arrive than ten minutes ago? Each figure averaged over a minute; less traffic is a negative number.',
    start: `rate(${requests}[1m])`,
    hints: [
      '`offset 10m` asks for the past. It stands right behind the selector: `metric[1m] offset 10m`.',
      'Now minus then.',
    ],
    answer: `rate(${requests}[1m]) - rate(${requests}[1m] offset 10m)`,
    why: '`offset` shifts the window into the past: what is unusual shows against an hour, a day or a week ago.',
    mistakes: [
      {
        query: `rate(${requests}[1m] offset 10m) - rate(${requests}[1m])`,
        why: 'the other way round: more traffic has to be a positive number',
      },
      {
        query: `rate(${requests}[1m]) - rate(${requests}[10m])`,
        why: 'this compares with the average of ten minutes, not with ten minutes ago',
      },
      {
        query: `rate(${requests}[1m] offset 10m)`,
        why: 'this is the traffic of ten minutes ago: the difference to now is asked for',
      },
      {
        query: `rate(${requests}[1m])`,
        why: 'this is the traffic of now: the difference to ten minutes ago is asked for',
      },
      {
        query: `${requests} - ${requests} offset 10m`,
        why: 'this is how many arrived in ten minutes, not how many more per second',
      },
      {
        query: `(delta(${requests}[1m]) - delta(${requests}[1m] offset 10m)) / 60`,
        why: '`delta()` is for gauges: it does not correct for counter resets',
      },
    ],
    alsoRight: [
      `(increase(${requests}[1m]) - increase(${requests}[1m] offset 10m)) / 60`,
      `sum(rate(${requests}[1m])) - sum(rate(${requests}[1m] offset 10m))`,
      `-(rate(${requests}[1m] offset 600s) - rate(${requests}[1m]))`,
    ],
    alsoWrong: [
      `rate(${requests}[30s]) - rate(${requests}[30s] offset 10m)`,
      `rate(${requests}[2m]) - rate(${requests}[2m] offset 10m)`,
      `rate(${requests}[1m]) - rate(${requests}[1m] offset 5m)`,
      `rate(${requests}[1m]) - rate(${requests}[1m] offset 20m)`,
      `increase(${requests}[1m]) - increase(${requests}[1m] offset 10m)`,
      `abs(rate(${requests}[1m]) - rate(${requests}[1m] offset 10m))`,
    ],
    worlds: [thenAndNow, moreAndRestarted],
    slowestSeconds: 30,
    expected: fromStored({
      selector: requests,
      readSeconds: 3_600 + tenMinutes,
      windowSeconds: minute + tenMinutes,
      candidates: betweenSamples((samples, at, { scrapeSeconds }) => {
        const [now, then] = [at, at - tenMinutes].map((end) => rateRange(samples, end, minute, scrapeSeconds));
        return now && then && difference(now, then);
      }),
      instead: tooFewSamples(minute, 2),
    }),
  },
];
