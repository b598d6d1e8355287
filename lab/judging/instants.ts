import type { Expected } from '../model/exercise.ts';
import type { Lab } from '../model/lab.ts';
import type { Sample, Series } from '../promql/sample.ts';

/** How the instants are found at which an exercise is judged. */

/** More than these take long to compute, and mostly say no more. */
const enough = 400;

/**
 * Instants half-way between a sample and the next: on a sample, milliseconds would decide what a window holds.
 * @param gapSeconds  where the next sample is later than this, there is no instant
 * @param most        of more instants each second, third … is taken
 * @returns the instant, and the index of the sample before it
 */
export const midpoints = (
  samples: readonly Sample[],
  gapSeconds: number,
  most = enough,
): { at: number; index: number }[] => {
  const every = Math.ceil(samples.length / most);
  return samples.slice(1).flatMap(([next], index) => {
    const [at] = samples[index]!;
    if (index % every !== 0 || next - at > gapSeconds) return [];
    return [{ at: Math.round(500 * (at + next)) / 1000, index }];
  });
};

/** The same of bare times, such as those of evaluations. */
export const midpointsOf = (times: readonly number[], gapSeconds: number): number[] =>
  midpoints(
    times.map((at): Sample => [at, 0]),
    gapSeconds,
  ).map(({ at }) => at);

/** The longest time from one scrape to the next that is not a missing scrape. */
export const gapSeconds = ({ scrapeSeconds }: Lab): number => 1.5 * scrapeSeconds;

/** The value that stands for what is right: the middle of its range, of the first series; 1 where an alert is true. */
const middle = (expected: Expected): number => {
  if ('fires' in expected) return Number(expected.fires);
  const [low, high] = 'number' in expected ? expected.number : Object.values(expected.each)[0]!;
  return (low + high) / 2;
};

/**
 * Instants whose values lie as evenly as can be between the lowest and the highest.
 * @param key  what is to be spread
 */
export const spread = <Candidate>(
  candidates: readonly Candidate[],
  count = 6,
  key: (candidate: Candidate) => number = middle as never,
): Candidate[] => {
  const left = candidates.map((candidate) => ({ candidate, value: key(candidate) }));
  const values = left.map(({ value }) => value);
  const [lowest, highest] = [Math.min(...values), Math.max(...values)];
  const chosen: Candidate[] = [];
  for (let place = 0; place < count && left.length > 0; place += 1) {
    const wanted = lowest + ((highest - lowest) * place) / (count - 1);
    const distances = left.map(({ value }) => Math.abs(value - wanted));
    chosen.push(left.splice(distances.indexOf(Math.min(...distances)), 1)[0]!.candidate);
  }
  return chosen;
};

/** One scrape of a family: its values by a label. */
export type Row = { at: number; values: Record<string, number> };

/** Puts together what belongs to the same scrape; a scrape in which a series is missing is left out. */
export const rowsOf = (series: readonly Series[], label: string): Row[] => {
  const columns = series.map(({ labels, samples }) => ({ name: labels[label] ?? '', values: new Map(samples) }));
  return (series[0]?.samples ?? [])
    .filter(([at]) => columns.every(({ values }) => values.has(at)))
    .map(([at]) => ({ at, values: Object.fromEntries(columns.map(({ name, values }) => [name, values.get(at)!])) }));
};
