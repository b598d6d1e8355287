import type { Unit } from '../model/panel.ts';
import type { Sample, Series } from '../promql/sample.ts';

/** The stored samples that show a fault, as they are drawn. NaN where a line is to break. */
export type Shown = { name: string; unit: Unit; samples: readonly Sample[] };

/** What was lost so far, at each scrape. */
export const lostSoFar = (steps: readonly { at: number; lost: number }[]): Sample[] => {
  let lost = 0;
  return steps.map((step): Sample => {
    lost += step.lost;
    return [step.at, lost];
  });
};

/** Of series of which one at a time has samples, as of a target that begins anew, the samples in their order. */
export const samplesOf = (series: readonly Series[]): Sample[] =>
  series.flatMap(({ samples }) => samples).sort(([one], [other]) => one - other);

/** How many of the series have a sample, at each instant at which one has. */
export const countAt = (series: readonly Series[]): Sample[] => {
  const counts = new Map<number, number>();
  for (const [at] of samplesOf(series)) counts.set(at, (counts.get(at) ?? 0) + 1);
  return [...counts];
};

/** Broken where nothing was stored for longer than usual. */
export const withGaps = (samples: readonly Sample[], everySeconds: number): Sample[] =>
  samples.flatMap((sample, index): Sample[] => {
    const before = samples[index - 1];
    const isGap = before !== undefined && sample[0] - before[0] > 1.5 * everySeconds;
    return isGap ? [[(before[0] + sample[0]) / 2, Number.NaN], sample] : [sample];
  });
