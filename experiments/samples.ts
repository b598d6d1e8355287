import type { Lab, Sample, Series } from './types.ts';

/** Arithmetic on stored samples, in the order of time. */

export const values = (samples: readonly Sample[]): number[] => samples.map(([, value]) => value);

export const mean = (numbers: readonly number[]): number =>
  numbers.reduce((sum, value) => sum + value, 0) / numbers.length;

/** Population standard deviation. */
export const deviation = (numbers: readonly number[]): number => {
  const centre = mean(numbers);
  return Math.sqrt(mean(numbers.map((value) => (value - centre) ** 2)));
};

/** A selector that matched more series than the one it means. */
export class AmbiguousError extends Error {}

/**
 * Samples of the only series; none where there is no series.
 * @throws AmbiguousError where there are several: the first of them would be chance
 */
export const only = (series: readonly Series[]): Sample[] => {
  if (series.length > 1) {
    const found = series.slice(0, 3).map(({ labels }) => JSON.stringify(labels));
    throw new AmbiguousError(`one series was meant and ${series.length} were found: ${found.join(', ')}`);
  }
  return series[0]?.samples ?? [];
};

/** Times at which the value rises over the threshold between one sample and the next. */
export const risingEdges = (samples: readonly Sample[], threshold: number): number[] =>
  samples.flatMap(([at, value], index) => {
    const before = samples[index - 1];
    return before !== undefined && before[1] <= threshold && value > threshold ? [at] : [];
  });

/**
 * The last run of samples that follow each other without a gap.
 * @param gapSeconds  a longer pause ends a run
 */
export const lastRun = (samples: readonly Sample[], gapSeconds: number): Sample[] => {
  let start = samples.length - 1;
  while (start > 0 && samples[start]![0] - samples[start - 1]![0] <= gapSeconds) start -= 1;
  return samples.slice(Math.max(start, 0));
};

/** Whether a stretch has samples all along it and a counter in it never falls. */
export const isUnbroken = (samples: readonly Sample[], from: number, to: number, gapSeconds: number): boolean => {
  const inside = samples.filter(([at]) => at >= from && at <= to);
  const first = inside[0];
  const last = inside.at(-1);
  if (first === undefined || last === undefined) return false;
  return (
    first[0] - from <= gapSeconds &&
    to - last[0] <= gapSeconds &&
    inside.every(([at, value], index) => {
      const before = inside[index - 1];
      return before === undefined || (at - before[0] <= gapSeconds && value >= before[1]);
    })
  );
};

/**
 * Since when stored samples are of the settings in force: the exporter that plays them and the Prometheus that
 * scrapes it both have to have begun. Between the two starts the old Prometheus scrapes the new exporter.
 * @returns unix seconds; `lab.now` where no exporter answers
 */
export const inForceSince = ({ exporter, prometheusStartedAt, now }: Lab): number =>
  exporter === undefined ? now : Math.max(exporter.startedAt, prometheusStartedAt);
