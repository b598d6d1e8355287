/** @returns the middle value, or the mean of the two in the middle; NaN of nothing */
export const median = (values: readonly number[]): number => quantile(values, 0.5);

/**
 * Interpolated between the two nearest values, as numpy and R do by default.
 * @param share  0 to 1: 0.99 is the 99th percentile
 */
export const quantile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
};
