import { delta, growth, increase, irate, rate } from './extrapolation.ts';
import type { Sample } from './sample.ts';
import { inWindow, lookbackSeconds, milliseconds, secondsBetween } from './window.ts';

/**
 * What a backend may make of the same raw samples. The first of each function is Prometheus' own; a row of
 * `make compare` gives another one as the reason only where it yields the answer of the backend, to 1e-9.
 */
export type Reading = {
  /** how it differs from Prometheus, in words */
  says: string;
  /** @param samples  of one series, in the order of time, those of the last minutes before the window included */
  of: (samples: readonly Sample[], at: number, windowSeconds: number) => number | undefined;
};

export type WindowFunction = 'increase' | 'rate' | 'irate' | 'delta' | 'changes' | 'max' | 'count' | 'newest';

const withOneBefore = (samples: readonly Sample[], at: number, windowSeconds: number): Sample[] | undefined => {
  const start = milliseconds(at) - milliseconds(windowSeconds);
  const before = samples.findLast(([time]) => milliseconds(time) <= start);
  if (before === undefined || milliseconds(before[0]) <= start - milliseconds(lookbackSeconds)) return undefined;
  return [before, ...inWindow(samples, at, windowSeconds)];
};

/** growth(), but a drop of less than an eighth is no reset: it adds nothing, as if the counter had stood still. */
export const tolerantGrowth = (samples: readonly Sample[]): number => {
  const rises = samples.slice(1).map(([, value], index) => {
    const before = samples[index]![1];
    if (value >= before) return value - before;
    return 8 * (before - value) < before ? 0 : value;
  });
  return rises.reduce((sum, each) => sum + each, 0);
};

const ends = (samples: readonly Sample[]): number => samples.at(-1)![1] - samples[0]![1];
const steps = (samples: readonly Sample[]): number =>
  samples.slice(1).filter(([, value], index) => value !== samples[index]![1]).length;
const spanSeconds = (samples: readonly Sample[]): number => secondsBetween(samples[0]!, samples.at(-1)!);

type Grown = (samples: readonly Sample[]) => number;
const fromBefore =
  (grown: Grown): Reading['of'] =>
  (...window) => {
    const samples = withOneBefore(...window);
    return samples && grown(samples);
  };
const perSecondFromBefore =
  (grown: Grown): Reading['of'] =>
  (...window) => {
    const samples = withOneBefore(...window);
    return samples && (samples.length > 1 ? grown(samples) / spanSeconds(samples) : 0);
  };

/** Without a sample before the window, a first value that is small beside the next step counts from 0. */
const fromZero: Reading['of'] = (...window) => {
  const inside = inWindow(...window);
  const [first, second] = inside;
  if (first === undefined || withOneBefore(...window) !== undefined) return undefined;
  const step = second === undefined ? 0 : second[1] - first[1];
  return Math.abs(first[1]) < 10 * (Math.abs(step) + 1) ? first[1] + growth(inside) : growth(inside);
};

const notCarried = 'the last sample minus the last before the window, without extrapolation';
const noRestart = 'a drop of less than an eighth is no reset';

const perSecond = 'the last sample minus the last before the window, divided by the time between them';

/** Each function: Prometheus' reading, then those of other backends. */
export const readings: Record<WindowFunction, { prometheus: Reading['of']; others: readonly Reading[] }> = {
  increase: {
    prometheus: increase,
    others: [
      { says: notCarried, of: fromBefore(growth) },
      { says: `${notCarried}; ${noRestart}`, of: fromBefore(tolerantGrowth) },
      { says: 'without extrapolation; a series that begins in the window counts from 0', of: fromZero },
    ],
  },
  rate: {
    prometheus: rate,
    others: [
      {
        says: perSecond,
        of: perSecondFromBefore(growth),
      },
      {
        says: `${perSecond}; ${noRestart}`,
        of: perSecondFromBefore(tolerantGrowth),
      },
    ],
  },
  irate: { prometheus: irate, others: [] },
  delta: { prometheus: delta, others: [{ says: notCarried, of: fromBefore(ends) }] },
  changes: {
    prometheus: (...window) => (inWindow(...window).length > 0 ? steps(inWindow(...window)) : undefined),
    others: [{ says: 'counts the change from the last sample before the window, too', of: fromBefore(steps) }],
  },
  max: {
    prometheus: (...window) => {
      const inside = inWindow(...window);
      return inside.length > 0 ? Math.max(...inside.map(([, value]) => value)) : undefined;
    },
    others: [],
  },
  count: {
    prometheus: (...window) => inWindow(...window).length || undefined,
    others: [
      { says: 'counts the last sample before the window, too', of: (...window) => withOneBefore(...window)?.length },
    ],
  },
  newest: {
    prometheus: (samples, at) => inWindow(samples, at, lookbackSeconds).at(-1)?.[1],
    others: [{ says: 'a sample of that age counts as gone', of: () => undefined }],
  },
};
