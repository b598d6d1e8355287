import type { Sample } from './sample.ts';
import { inWindow, milliseconds, secondsBetween } from './window.ts';

/**
 * Prometheus' own rate(), irate(), increase() and delta() on the raw samples of one series, so that a verdict can say what
 * the answer to a query has to be (`extrapolatedRate` in promql/functions.go, the same in 3.5 and 3.13).
 * They take the samples of one series in the order of time, more than the window's if need be; `at` is when
 * the query is asked, in unix seconds. undefined where Prometheus answers nothing: fewer than two samples.
 */

/** increase(): what a counter grew by, carried to the edges of the window, so rarely a whole number. */
export const increase = (samples: readonly Sample[], at: number, windowSeconds: number): number | undefined =>
  extrapolated(samples, at, windowSeconds, true);

/** rate(): increase() for each second of the window. */
export const rate = (samples: readonly Sample[], at: number, windowSeconds: number): number | undefined => {
  const grown = increase(samples, at, windowSeconds);
  return grown === undefined ? undefined : grown / windowSeconds;
};

/** irate(): by how much a counter grew per second between the last two samples in the window; nothing is extrapolated. */
export const irate = (samples: readonly Sample[], at: number, windowSeconds: number): number | undefined => {
  const [before, last] = inWindow(samples, at, windowSeconds).slice(-2);
  return before && last && growth([before, last]) / secondsBetween(before, last);
};

/** delta(): what a gauge changed by, carried to the edges of the window. */
export const delta = (samples: readonly Sample[], at: number, windowSeconds: number): number | undefined =>
  extrapolated(samples, at, windowSeconds, false);

/** last − first, plus the value before each fall: a counter that falls has begun again at zero. */
export const growth = (samples: readonly Sample[]): number => {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined) return 0;
  const lost = samples.slice(1).reduce((sum, [, value], index) => {
    const before = samples[index]![1];
    return value < before ? sum + before : sum;
  }, 0);
  return last[1] - first[1] + lost;
};

/** Whether an answer is what it has to be, but for the last digits of floating-point arithmetic; or both are nothing. */
export const agrees = (answer: number | undefined, own: number | undefined): boolean =>
  answer === own || Math.abs(Number(answer) - Number(own)) <= 1e-9 * Math.max(1, Math.abs(Number(own)));

/** A gap to the window's edge that is longer than this many mean intervals holds no further sample. */
const longestGap = 1.1;

const extrapolated = (
  samples: readonly Sample[],
  at: number,
  windowSeconds: number,
  isCounter: boolean,
): number | undefined => {
  const inside = inWindow(samples, at, windowSeconds);
  const [first, last] = [inside[0], inside.at(-1)];
  if (first === undefined || last === undefined || inside.length < 2) return undefined;
  const changed = isCounter ? growth(inside) : last[1] - first[1];

  const end = milliseconds(at);
  const start = end - milliseconds(windowSeconds);
  const covered = (milliseconds(last[0]) - milliseconds(first[0])) / 1000;
  const meanInterval = covered / (inside.length - 1);
  const carried = (gap: number) => (gap >= longestGap * meanInterval ? meanInterval / 2 : gap);

  const toEnd = carried((end - milliseconds(last[0])) / 1000);
  let toStart = carried((milliseconds(first[0]) - start) / 1000);
  // A counter was never below zero: it is carried back no further than to where it would have begun.
  if (isCounter && changed > 0 && first[1] >= 0) toStart = Math.min(toStart, covered * (first[1] / changed));
  return changed * ((covered + toStart + toEnd) / covered);
};
