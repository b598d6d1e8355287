import { exporterSince, only } from '../../lab/evidence/samples.ts';
import { fromStored, tooFewSamples } from '../../lab/judging/expectation.ts';
import { gapSeconds, midpoints, spread } from '../../lab/judging/instants.ts';
import { seriesOf } from '../../lab/judging/scenario.ts';
import { steps } from '../../lab/judging/world.ts';
import type { Exercise, Expected, World } from '../../lab/model/exercise.ts';
import type { Lab } from '../../lab/model/lab.ts';
import { cpu, ofExporter } from '../../lab/model/metrics.ts';
import type { Sample } from '../../lab/promql/sample.ts';
import { inWindow } from '../../lab/promql/window.ts';
import { rules } from './flap.ts';

const threshold = rules.atOnce.thresholdPercent;
const seconds = 10;
const window = `${seconds}s`;
const command = 'make exp-14';

/** How an instant distinguishes a right expression from a wrong one. */
const kinds = ['just risen', 'high', 'just over', 'long over'] as const;
export type Instant = Extract<Expected, { fires: boolean }> & { kind: (typeof kinds)[number] };

/** High until second 100, and again from second 200 on. */
const wave: World = {
  asks: 'alert',
  where: 'where the CPU is sampled each second',
  series: [seriesOf(cpu, steps([0, 95], [100, threshold], [200, threshold + 1]))],
  at: [50, 104, 107, 110, 113, 150, 201, 250],
};

export const exercises: readonly Exercise[] = [
  {
    task: `Write the expression of an alert that is true from the first sample over ${threshold} % on, and stays true for ten seconds after the last one: what \`keep_firing_for: ${window}\` does, without it.`,
    start: `${cpu} > ${threshold}`,
    hints: [
      'The newest sample does not know of those before it.',
      'True for ten seconds after: that is, as long as any sample of the last ten seconds was over the threshold.',
      'A function whose name ends in `_over_time` makes one value of all samples in a window.',
    ],
    answer: `max_over_time(${cpu}[${window}]) > ${threshold}`,
    why: 'What shall outlast a dip is a condition on the highest sample of a window: as long as the longest dip, and many alerts become one.',
    mistakes: [
      {
        query: `${cpu} > ${threshold}`,
        why: 'this ends with the first sample under the threshold: a notification each time it rises, and one each time it is low again',
      },
      {
        query: `min_over_time(${cpu}[${window}]) > ${threshold}`,
        why: 'this is what `for` does: it begins ten seconds late, and ends at once',
      },
      {
        query: `${cpu} offset ${window} > ${threshold}`,
        why: 'this is the same alert ten seconds late: it ends later, and begins later, too',
      },
      {
        query: `max_over_time(${cpu}[1m]) > ${threshold}`,
        why: 'a minute is longer than the CPU is ever low: this never ends',
      },
      {
        query: `max_over_time(${cpu}[${window}]) > bool ${threshold}`,
        why: 'with `bool` a comparison returns 0 instead of nothing, and 0 is a series: always true',
      },
    ],
    alsoRight: [
      `max_over_time(${cpu}{job="my_app"}[${window}]) > ${threshold}`,
      `(max_over_time(${cpu}[${window}]) > bool ${threshold}) == 1`,
      `${cpu} > ${threshold} or max_over_time(${cpu}[${window}]) > ${threshold}`,
      `${cpu} > ${threshold} or ${cpu} offset ${window} > ${threshold}`,
      `count_over_time((${cpu} > ${threshold})[${window}:1s]) > 0`,
    ],
    alsoWrong: [
      `max_over_time(${cpu}[15s]) > ${threshold}`,
      `max_over_time(${cpu}[20s]) > ${threshold}`,
      `max_over_time(${cpu}[5s]) > ${threshold}`,
      `max_over_time(${cpu}[${window}]) >= ${threshold}`,
      `max_over_time(${cpu}[${window}]) > 90`,
      `avg_over_time(${cpu}[${window}]) > ${threshold}`,
      `avg_over_time(${cpu}[40s]) > 30`,
      `max_over_time(${cpu}[${window}]) < ${threshold}`,
      `quantile_over_time(0.5, ${cpu}[${window}]) > ${threshold}`,
      'vector(1)',
    ],
    worlds: [wave],
    slowestSeconds: 5,
    expected: fromStored<Instant>({
      selector: ofExporter(cpu),
      readSeconds: 300,
      windowSeconds: seconds,
      candidates: (series, lab) => instantsOf(only(series), lab),
      choose: (candidates) => {
        const chosen = kinds.map((kind) => spread(ofKind(candidates, kind), 2, ({ at }) => at));
        return chosen.every((each) => each.length > 0) ? chosen.flat() : [];
      },
      instead: (lab) =>
        lab.exporter?.signal === 'square'
          ? tooFewSamples(seconds, 2, `${command} SCRAPE_INTERVAL=5s`)(lab)
          : { kind: 'elsewhere', reason: 'the CPU is not high and low in turn', type: command },
      otherwise: (lab) => ({ kind: 'wait', seconds: lab.scrapeSeconds, reason: 'the CPU to be high, and low again' }),
    }),
  },
];

const ofKind = (instants: readonly Instant[], kind: Instant['kind']): Instant[] =>
  instants.filter((instant) => instant.kind === kind);

/**
 * Half-way between two samples, where every way to look ten seconds back sees the same.
 * @param samples  of the CPU, in the order of time
 */
export const instantsOf = (samples: readonly Sample[], lab: Lab): Instant[] => {
  const { scrapeSeconds } = lab;
  const isHigh = ([, value]: Sample) => value > threshold;
  const own = samples.filter(([at]) => at >= exporterSince(lab));
  return midpoints(own, gapSeconds(lab)).flatMap(({ at, index }): Instant[] => {
    const backSeconds = seconds + 2 * scrapeSeconds;
    if (inWindow(own, at, backSeconds).length < Math.floor(backSeconds / scrapeSeconds)) return [];
    if (isHigh(own[index]!)) return [{ at, fires: true, kind: isHigh(own[index - 1]!) ? 'high' : 'just risen' }];
    const last = own.slice(0, index).findLastIndex(isHigh);
    const begun = own.slice(0, last + 1).findLastIndex((sample) => !isHigh(sample)) + 1;
    if (last === -1 || begun === 0) return [];
    const overSeconds = at - own[last]![0];
    // An offset finds the newest sample of ten seconds ago, which may be an interval older.
    if (overSeconds < seconds && own[begun]![0] <= at - seconds - scrapeSeconds) {
      return [{ at, fires: true, kind: 'just over' }];
    }
    return overSeconds >= seconds + scrapeSeconds ? [{ at, fires: false, kind: 'long over' }] : [];
  });
};
