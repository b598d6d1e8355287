import { isJudgement } from '../../lab/evidence/happening.ts';
import { activeSince, isUnbroken } from '../../lab/evidence/samples.ts';
import { tooFewSamples } from '../../lab/judging/expectation.ts';
import { midpoints } from '../../lab/judging/instants.ts';
import { whereMeasured } from '../../lab/judging/measurement.ts';
import { hull, plainRate } from '../../lab/judging/ranges.ts';
import type { Exercise, Expected } from '../../lab/model/exercise.ts';
import type { Lab } from '../../lab/model/lab.ts';
import { job, requests } from '../../lab/model/metrics.ts';
import { rate } from '../../lab/promql/extrapolation.ts';
import { bucketsOf, histogramQuantile } from '../../lab/promql/quantile.ts';
import type { Sample, Series } from '../../lab/promql/sample.ts';
import { errors } from './findings.ts';
import { measure, verdict } from './verdict.ts';

/** What is right of both instances together, by arithmetic on the stored samples of each. */

export const window = '30s';
export const windowSeconds = 30;
const command = 'make exp-12';

/** Both shares of the traffic have had their minute. */
const longest = 240;
/** As many say more than luck. */
const enough = 6;

/** What a counter grew by in each second of the window, in one of the right ways to read it. */
export type Grown = (samples: readonly Sample[]) => number | undefined;

/** The 95th percentile of the buckets of all series. */
export const p95 = (series: readonly Series[], grown: Grown): number =>
  histogramQuantile(0.95, bucketsOf(series, grown));

/** The share of the requests that took so long at most, 0 to 1; there has to be such an edge. */
export const fastShare = (series: readonly Series[], grown: Grown, edgeSeconds: number): number => {
  const counts = bucketsOf(series, grown);
  return counts.find(({ upperBound }) => upperBound === edgeSeconds)!.count / counts.at(-1)!.count;
};

/** Errors per request, 0 to 1. */
export const ratio = (series: readonly Series[], grown: Grown): number => {
  const sum = (name: string) =>
    series
      .filter(({ labels }) => labels.__name__ === name)
      .reduce((total, { samples }) => total + (grown(samples) ?? 0), 0);
  return sum(errors) / sum(requests);
};

/**
 * Judged wherever every counter of both instances has been scraped without a gap for a window.
 * @param metrics  the counters that are read
 * @param figure   what is right, from all their series
 */
export const whereBothAreStored =
  (metrics: readonly string[], figure: (series: readonly Series[], grown: Grown) => number): Exercise['expected'] =>
  async (read, lab) => {
    const problem = tooFewSamples(windowSeconds, 2, `${command} SCRAPE_INTERVAL=5s`)(lab);
    const measured = await measure(read, lab);
    if (isJudgement(measured)) return whereMeasured(measured, command);
    if (problem) return problem;
    const instances = measured.members.map(({ instance }) => instance);
    const selector = `{__name__=~"${metrics.join('|')}",job="${job}",instance=~"${instances.join('|')}"}`;
    const stored = await read.samples(selector, Math.max(1, Math.min(longest, lab.now - activeSince(lab))), lab.now);
    const instants = instantsOf(stored, lab, figure);
    if (instants.length < enough)
      return { kind: 'wait', seconds: lab.scrapeSeconds, reason: `${window} of both instances` };
    return whereMeasured(verdict(measured), command, instants);
  };

/** Half-way between the scrapes of both, so that none is at the edge of a window. */
export const instantsOf = (
  series: readonly Series[],
  lab: Pick<Lab, 'scrapeSeconds'>,
  figure: (series: readonly Series[], grown: Grown) => number,
): Expected[] => {
  const { scrapeSeconds } = lab;
  const isWhole = (at: number) =>
    series.every(({ samples }) => isUnbroken(samples, at - windowSeconds - 2 * scrapeSeconds, at, 1.5 * scrapeSeconds));
  const times = [...new Set(series.flatMap(({ samples }) => samples.map(([at]) => at)))].sort((a, b) => a - b);
  const instants = midpoints(
    times.map((at): Sample => [at, 0]),
    1.5 * scrapeSeconds,
  );
  return instants
    .filter(({ at }) => isWhole(at))
    .map(({ at }) => {
      const ways: Grown[] = [
        (samples) => rate(samples, at, windowSeconds),
        (samples) => rate(samples, at - scrapeSeconds, windowSeconds),
        (samples) => plainRate(samples, at, windowSeconds),
      ];
      return { at, number: hull(...ways.map((grown) => figure(series, grown)))! };
    });
};
