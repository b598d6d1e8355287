import { mean, only, values } from '../../lab/evidence/samples.ts';
import { fromStored, tooFewSamples } from '../../lab/judging/expectation.ts';
import { gapSeconds, midpoints, spread } from '../../lab/judging/instants.ts';
import { timestampRange } from '../../lab/judging/ranges.ts';
import { seriesOf } from '../../lab/judging/scenario.ts';
import { steps } from '../../lab/judging/world.ts';
import { highCpu } from '../../lab/model/alerts.ts';
import type { Exercise, Expected, World } from '../../lab/model/exercise.ts';
import { cpu } from '../../lab/model/metrics.ts';
import type { Sample } from '../../lab/promql/sample.ts';
import { inWindow } from '../../lab/promql/window.ts';

const { thresholdPercent: threshold, forSeconds, name } = highCpu;
const window = `${forSeconds}s`;
const active = `ALERTS_FOR_STATE{alertname="${name}"}`;

/** How an instant distinguishes a right expression from a wrong one. */
type Instant = Extract<Expected, { fires: boolean }> & {
  mean: number;
  isOver: boolean;
  wasOver: boolean;
  /** samples over the threshold, one after the other, up to the newest */
  run: number;
};

const instantAt = (samples: readonly Sample[], at: number, index: number): Instant => {
  const inside = values(inWindow(samples, at, forSeconds));
  const isHigh = (value: number) => value > threshold;
  const lastLow = samples.slice(0, index + 1).findLastIndex(([, value]) => !isHigh(value));
  return {
    at,
    fires: inside.every(isHigh),
    mean: mean(inside),
    isOver: isHigh(inside.at(-1)!),
    wasOver: inside.slice(0, -1).some(isHigh),
    run: index - lastLow,
  };
};

/**
 * Whether the window has a sample in each interval, and one before it: after a gap one sample alone would be "every
 * sample" of the window.
 */
const isWhole = (samples: readonly Sample[], at: number, index: number, gap: number): boolean => {
  let first = index;
  while (first > 0 && samples[first]![0] > at - forSeconds) first -= 1;
  const inside = samples.slice(first, index + 1);
  return (
    inside[0]![0] <= at - forSeconds && inside.every(([time], each) => time - (inside[each - 1]?.[0] ?? time) <= gap)
  );
};

/** The instants that are easiest to get wrong. */
const hardest = (candidates: Instant[]): Instant[] => {
  const high = candidates.filter(({ fires }) => fires).sort((one, other) => one.run - other.run);
  const low = candidates.filter(({ fires }) => !fires);
  const spikes = low.filter(({ isOver }) => isOver).sort((one, other) => other.mean - one.mean);
  const over = low.filter(({ isOver, wasOver }) => !isOver && wasOver);
  if (high.length === 0 || spikes.length === 0) return [];
  return [...high.slice(0, 4), ...spikes.slice(0, 3), ...spread(over, 2, ({ at }) => at)];
};

const runs: World = {
  asks: 'alert',
  where: 'where the CPU is sampled each second',
  // High for 6 s, and then from second 100 on.
  series: [seriesOf(cpu, steps([0, 20], [60, 95], [66, threshold], [100, threshold + 1]))],
  at: [65, 71, 104, 115],
};

export const exercises: readonly Exercise[] = [
  {
    task: `Write the expression of an alert, without \`for\`, that is true once every sample of the last ten seconds is over ${threshold} %, and never for a spike that only one sample has hit.`,
    start: `${cpu} > ${threshold}`,
    hints: [
      'The newest sample alone does not know whether the one before it was high, too.',
      'A function whose name ends in `_over_time` makes one value of all samples in a window.',
      'All of them are over the threshold where the lowest of them is.',
    ],
    answer: `min_over_time(${cpu}[${window}]) > ${threshold}`,
    why: 'What has to hold all the time is a condition on the lowest sample of a window. `for` does the same, once per evaluation.',
    mistakes: [
      {
        query: `${cpu} > ${threshold}`,
        why: 'this uses the newest sample alone: a single sampled spike of one second is enough',
      },
      {
        query: `max_over_time(${cpu}[${window}]) > ${threshold}`,
        why: 'the highest sample is over the threshold as soon as any one of them is',
      },
      {
        query: `avg_over_time(${cpu}[${window}]) > ${threshold}`,
        why: 'one very high sample lifts the average over the threshold, although another one is below it',
      },
      {
        query: `min_over_time(${cpu}[1m]) > ${threshold}`,
        why: 'this asks for a whole minute: ten seconds are missed',
      },
      {
        query: `min_over_time(${cpu}[${window}]) > bool ${threshold}`,
        why: 'with `bool` a comparison returns 0 instead of nothing, and 0 is a series: always true',
      },
      {
        query: `min_over_time(${cpu}[${window}])`,
        why: 'an alert is true where a series is returned at all, whatever its value',
      },
    ],
    alsoRight: [
      `${cpu} > ${threshold} and min_over_time(${cpu}[${window}]) > ${threshold}`,
      `(min_over_time(${cpu}[${window}]) > bool ${threshold}) == 1`,
      `min_over_time(${cpu}[${window}]) > ${threshold} and count_over_time(${cpu}[${window}]) >= 2`,
    ],
    alsoWrong: [
      `min_over_time(${cpu}[5s]) > ${threshold}`,
      `min_over_time(${cpu}[20s]) > ${threshold}`,
      `${cpu} > ${threshold} and ${cpu} offset ${window} > ${threshold}`,
      `min_over_time(${cpu}[${window}]) >= ${threshold}`,
      `min_over_time(${cpu}[${window}]) > 90`,
      `min_over_time(${cpu}[${window}]) > 70`,
      `quantile_over_time(0.5, ${cpu}[${window}]) > ${threshold}`,
    ],
    worlds: [runs],
    slowestSeconds: 5,
    expected: fromStored<Instant>({
      selector: cpu,
      readSeconds: 3_600,
      windowSeconds: forSeconds,
      candidates: (series, lab) => {
        const samples = only(series);
        return midpoints(samples, gapSeconds(lab), samples.length)
          .filter(({ at, index }) => isWhole(samples, at, index, gapSeconds(lab)))
          .map(({ at, index }) => instantAt(samples, at, index));
      },
      choose: hardest,
      instead: tooFewSamples(forSeconds, 2),
      otherwise: ({ exporter }) =>
        exporter?.signal === 'high'
          ? { kind: 'wait', seconds: forSeconds, reason: 'ten seconds of a high CPU' }
          : { kind: 'elsewhere', reason: 'the CPU was not high for ten seconds in the last hour', type: 'make exp-6' },
    }),
  },
  {
    task: `For how many seconds has the condition of ${name} been met, as Prometheus knows it?`,
    start: `ALERTS{alertname="${name}"}`,
    hints: [
      '`ALERTS` is 1 while an alert is pending or firing; it does not say since when.',
      `\`${active}\` holds the unix time at which the condition was first met.`,
      '`time()` is the unix time of the instant at which the query is asked.',
    ],
    answer: `time() - ${active}`,
    why: 'An alert fires once this figure reaches its `for`: ask it when you wonder why one does not fire yet.',
    mistakes: [
      { query: active, why: 'this is the unix time at which it began: how long ago that was is the difference to now' },
      {
        query: `ALERTS{alertname="${name}"}`,
        why: 'this is always 1: its label `alertstate` is the state, and nothing in it is the time',
      },
      {
        query: `time() - timestamp(${active})`,
        why: 'this is the age of the sample: the time since the last evaluation',
      },
      { query: `${active} - time()`, why: 'the other way round: what is over is less than now' },
    ],
    alsoRight: [`time() - max(${active})`, `-(${active} - time())`, `round(time() - ${active})`],
    alsoWrong: [`(time() - ${active}) / 60`, `count_over_time(${active}[5m]) * 5`, `time() - ${active} offset 1m`],
    mayBeRounded: true,
    expected: fromStored({
      selector: active,
      readSeconds: 3_600,
      candidates: (series, lab) =>
        only(series)
          .map(([evaluated, since]) => ({
            at: Math.round(1000 * (evaluated + lab.evaluationSeconds / 4)) / 1000,
            since,
          }))
          .filter(({ at }) => at < lab.now)
          .map(({ at, since }) => ({ at, number: timestampRange(at - since) })),
      otherwise: (lab) =>
        lab.exporter?.signal === 'high'
          ? { kind: 'wait', seconds: lab.evaluationSeconds, reason: `evaluations that find ${name} active` }
          : { kind: 'elsewhere', reason: `${name} was hardly ever active in the last hour`, type: 'make exp-6' },
    }),
  },
];
