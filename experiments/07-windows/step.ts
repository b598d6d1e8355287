import { isUnbroken } from '../../lab/evidence/samples.ts';
import { marginSeconds } from '../../lab/evidence/scrape.ts';
import type { Sample } from '../../lab/promql/sample.ts';

/** The traffic changes its level at each quarter of an hour. */
export const levelSeconds = 900;
/** The longest of the lesson's windows has to be full before the step. */
export const beforeSeconds = 600;
/** Up to just before the next step. */
export const afterSeconds = levelSeconds - 5;

/** A scrape that is under way carries a time that has passed: so much later none is. */
const settledSeconds = marginSeconds;

/** A step in traffic that is stored whole, and how far apart its samples are. */
export type Step = { at: number; intervalSeconds: number };

/**
 * The latest quarter-hour whose ten minutes before and fifteen after are stored without a gap.
 * @param samples  of the counter, of one world
 */
export const latestStep = (samples: readonly Sample[], now: number): Step | undefined => {
  const current = Math.floor(now / levelSeconds) * levelSeconds;
  const oldest = samples[0]?.[0] ?? now;
  for (let at = current; at - beforeSeconds >= oldest - levelSeconds; at -= levelSeconds) {
    const [from, to] = [at - beforeSeconds, at + afterSeconds];
    const intervalSeconds = medianStep(samples.filter(([time]) => time >= from && time <= to));
    if (to + settledSeconds <= now && isUnbroken(samples, from, to, 1.5 * intervalSeconds))
      return { at, intervalSeconds };
  }
  return undefined;
};

/** The time between two samples that is neither the shortest nor the longest; not a number where there are less than two. */
const medianStep = (samples: readonly Sample[]): number => {
  const steps = samples.slice(1).map(([at], index) => at - samples[index]![0]);
  return steps.sort((one, other) => one - other)[Math.floor(steps.length / 2)] ?? Number.NaN;
};

/**
 * When a whole step will be stored, if nothing breaks off: the first one with ten minutes before it.
 * @returns unix seconds
 */
export const nextWholeStep = (samples: readonly Sample[], now: number, scrapeSeconds: number): number => {
  let start = samples.length - 1;
  while (start > 0) {
    const [[at, value], [before, previous]] = [samples[start]!, samples[start - 1]!];
    if (at - before > 1.5 * scrapeSeconds || value < previous) break;
    start -= 1;
  }
  const begun = samples[start]?.[0] ?? now;
  const step = Math.ceil((begun - scrapeSeconds + beforeSeconds) / levelSeconds) * levelSeconds;
  return Math.max(step + afterSeconds + settledSeconds, now + 1);
};
