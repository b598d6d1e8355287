import { isUnbroken, mean, values } from '../evidence/samples.ts';
import type { Range } from '../model/exercise.ts';
import { growth, increase, rate } from '../promql/extrapolation.ts';
import type { Sample } from '../promql/sample.ts';
import { inWindow, secondsBetween } from '../promql/window.ts';

/**
 * What is right by arithmetic on the stored samples of one series, and how far a right query may be from it:
 * by as much as one sample more or less at the edges of its window makes. `at` lies between two samples.
 */

/** Timestamps are stored in whole milliseconds. */
export const timestampRange = (seconds: number): Range => [seconds - 0.0005, seconds + 0.0005];

/** From the lowest to the highest of some values; undefined where one of them is not known. */
export const hull = (...numbers: (number | undefined)[]): Range | undefined => {
  const known = numbers.filter((value) => value !== undefined);
  return known.length < numbers.length ? undefined : [Math.min(...known), Math.max(...known)];
};

/** @returns how far one value can be above another */
export const difference = ([low, high]: Range, [lowOther, highOther]: Range): Range => [
  low - highOther,
  high - lowOther,
];

export const times = (factor: number, [low, high]: Range): Range => [factor * low, factor * high];

/** The sample that an instant query without a function returns. */
const newest = (samples: readonly Sample[], at: number): Sample | undefined => samples.findLast(([time]) => time <= at);

/** The plain difference between the window's ends, as `offset` gives it, per second. */
export const plainRate = (samples: readonly Sample[], at: number, windowSeconds: number): number | undefined => {
  const [last, first] = [newest(samples, at), newest(samples, at - windowSeconds)];
  return first && last && (last[1] - first[1]) / windowSeconds;
};

/** The mean of a window's samples; a subquery may see it one sample earlier. */
export const meanRange = (
  samples: readonly Sample[],
  at: number,
  windowSeconds: number,
  scrapeSeconds: number,
): Range | undefined => {
  const ends = [at, at - scrapeSeconds].map((end) => values(inWindow(samples, end, windowSeconds)));
  return ends.some((window) => window.length === 0) ? undefined : hull(...ends.map(mean));
};

/**
 * The rate of a counter over a window: as Prometheus computes it now, as a recording rule did up to an interval ago,
 * and as the plain difference between the window's ends gives it.
 * @returns undefined where a scrape is missing or the counter fell
 */
export const rateRange = (
  samples: readonly Sample[],
  at: number,
  windowSeconds: number,
  scrapeSeconds: number,
): Range | undefined => {
  const earliest = at - windowSeconds - 2 * scrapeSeconds;
  if (!isUnbroken(samples, earliest, at, 1.5 * scrapeSeconds)) return undefined;
  return hull(
    rate(samples, at, windowSeconds),
    rate(samples, at - scrapeSeconds, windowSeconds),
    plainRate(samples, at, windowSeconds),
  );
};

/**
 * How much a counter grew in a window, falls at a restart repaired: what the samples say, what Prometheus carries to
 * the edges of the window, and all of that at most.
 * @returns undefined where the window's first interval holds no sample
 */
export const increaseRange = (
  samples: readonly Sample[],
  at: number,
  windowSeconds: number,
  scrapeSeconds: number,
): Range | undefined => {
  const inside = inWindow(samples, at, windowSeconds);
  const [first, last] = [inside[0], inside.at(-1)];
  if (!first || !last || last === first || first[0] - (at - windowSeconds) > 1.5 * scrapeSeconds) return undefined;
  const grown = growth(inside);
  const most = (grown * windowSeconds) / secondsBetween(first, last);
  return hull(grown, increase(samples, at, windowSeconds), most);
};
