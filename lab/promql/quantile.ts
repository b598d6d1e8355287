import { rate } from './extrapolation.ts';
import type { Sample, Series } from './sample.ts';

/** One bucket of a classic histogram: how many observations are at most `upperBound`; the last bound is Infinity. */
export type Bucket = { upperBound: number; count: number };

/**
 * `sum by (le) (rate(…_bucket[window]))`: each bucket's series extrapolated on its own, as Prometheus does it, then
 * added up. Of one instance alone this is its plain `rate(…_bucket[window])`.
 * @param series  of `…_bucket`, one for each instance and `le`
 * @returns buckets by upper bound, ascending; a bound is missing where no series of it has two samples in the window
 * @throws Error where a series has no label `le`
 */
export const bucketRates = (series: readonly Series[], at: number, windowSeconds: number): Bucket[] =>
  bucketsOf(series, (samples) => rate(samples, at, windowSeconds));

/** The same with another count than the rate; a series counts nothing where it is undefined. */
export const bucketsOf = (
  series: readonly Series[],
  countOf: (samples: readonly Sample[]) => number | undefined,
): Bucket[] => {
  const counts = new Map<number, number>();
  for (const { labels, samples } of series) {
    const upperBound = boundOf(labels);
    const count = countOf(samples);
    if (count !== undefined) counts.set(upperBound, (counts.get(upperBound) ?? 0) + count);
  }
  return [...counts]
    .map(([upperBound, count]) => ({ upperBound, count }))
    .sort((one, other) => one.upperBound - other.upperBound);
};

const boundOf = (labels: Record<string, string>): number => {
  if (labels.le === undefined) throw new Error(`a bucket must have the label le, got ${JSON.stringify(labels)}`);
  return labels.le === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels.le);
};

/**
 * histogram_quantile() on classic buckets (`bucketQuantile` in promql/quantile.go): observations are taken as spread
 * evenly over the bucket that the quantile falls into, from its lower bound (0 for the first) to its upper one.
 * Beyond the last finite bound the answer is that bound, however slow the requests really were.
 * @param quantile  0 to 1
 * @param buckets   by upper bound, ascending
 * @returns NaN where nothing was observed, or where there are no buckets or no last one of +Inf
 */
export const histogramQuantile = (quantile: number, buckets: readonly Bucket[]): number => {
  const rising = monotonic(buckets);
  const last = rising.at(-1);
  if (last === undefined || rising.length < 2 || last.upperBound !== Number.POSITIVE_INFINITY || last.count === 0) {
    return Number.NaN;
  }
  const rank = quantile * last.count;
  const index = rising.findIndex(({ count }) => count >= rank);
  if (index === -1 || index === rising.length - 1) return rising.at(-2)!.upperBound;
  const { upperBound, count } = rising[index]!;
  if (index === 0 && upperBound <= 0) return upperBound;
  const below = rising[index - 1] ?? { upperBound: 0, count: 0 };
  return below.upperBound + (upperBound - below.upperBound) * ((rank - below.count) / (count - below.count));
};

/** Differences of this share or less are taken for errors of floating-point arithmetic. */
const tolerance = 1e-12;

/** Counts that never fall from one bound to the next. */
const monotonic = (buckets: readonly Bucket[]): Bucket[] => {
  let before: number | undefined;
  return buckets.map(({ upperBound, count }) => {
    if (before === undefined || count - before > tolerance * Math.abs(count)) before = count;
    return { upperBound, count: before };
  });
};
