import type { Sample } from './sample.ts';

/** The time that `selector[window]` means at an instant: so many seconds until then. `at` is in unix seconds. */
export type Window = { at: number; windowSeconds: number };

/** Prometheus stores and compares whole milliseconds. */
export const milliseconds = (seconds: number): number => Math.round(seconds * 1000);

/** A query shows no sample that is so old or older: the lookback of an instant query, whose default is five minutes. */
export const lookbackSeconds = 300;

/**
 * The samples that `selector[window]` returns at an instant. The window is open on the left: a sample exactly one
 * window old is not in it, one at the instant itself is.
 * @param samples  of one series, in the order of time
 * @param at       unix seconds
 */
export const inWindow = (samples: readonly Sample[], at: number, windowSeconds: number): Sample[] => {
  const end = milliseconds(at);
  return samples.slice(countUntil(samples, end - milliseconds(windowSeconds)), countUntil(samples, end));
};

/** How many of the samples are not after an instant, in milliseconds; by halves, since an hour of them is asked for often. */
const countUntil = (samples: readonly Sample[], instant: number): number => {
  let [low, high] = [0, samples.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (milliseconds(samples[middle]![0]) <= instant) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Seconds from one sample to another, free of what a subtraction of unix seconds would round away. */
export const secondsBetween = ([from]: Sample, [to]: Sample): number => (milliseconds(to) - milliseconds(from)) / 1000;
