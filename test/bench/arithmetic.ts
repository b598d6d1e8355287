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

/** What several rounds gave: their median, and how far the rounds lie from each other. */
export type Figure = { median: number; lowest: number; highest: number; rounds: number[] };

export const figure = (rounds: readonly number[]): Figure => ({
  median: median(rounds),
  lowest: Math.min(...rounds),
  highest: Math.max(...rounds),
  rounds: [...rounds],
});

/** @returns the larger distance from the median to the outermost round, as a share of the median */
export const spread = ({ median: middle, lowest, highest }: Figure): number =>
  middle === 0 ? 0 : Math.max(highest - middle, middle - lowest) / middle;

/**
 * Fits y = factor · x^exponent by least squares of the logarithms: exponent 1 is linear growth.
 * @param points  [x, y], both above 0, at least two different x
 */
export const fitPower = (
  points: readonly (readonly [x: number, y: number])[],
): { factor: number; exponent: number } => {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const);
  const mean = (index: 0 | 1) => logs.reduce((sum, log) => sum + log[index], 0) / logs.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  const covariance = logs.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  const variance = logs.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  const exponent = covariance / variance;
  return { factor: Math.exp(meanY - exponent * meanX), exponent };
};
