import { median } from '../support/quantile.ts';
import { short } from '../support/table.ts';

/** What several rounds gave: their median, and how far the rounds lie from each other. */
export type Figure = { median: number; lowest: number; highest: number; rounds: number[] };

export const figure = (rounds: readonly number[]): Figure => ({
  median: median(rounds),
  lowest: Math.min(...rounds),
  highest: Math.max(...rounds),
  rounds: [...rounds],
});

/** Median and spread: `1.23 ±4%`. */
export const withSpread = (measured: Figure): string =>
  `${short(measured.median)} ±${Math.round(100 * spread(measured))}%`;

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
