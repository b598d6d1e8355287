import type { Lab } from '../model/lab.ts';
import type { Reader } from '../model/reader.ts';
import type { Sample, Series } from '../promql/sample.ts';

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

/** The exporter reports its start rounded to a whole second. */
const roundingSeconds = 0.5;

/** Since when samples are surely of the process that began at this whole second, by its own account. */
export const surelySince = (startedAt: number): number => startedAt + roundingSeconds;

/**
 * Since when stored samples are surely of the exporter that answers now: what is older may be of the one before,
 * with another signal, seed or number of cores, and has another truth.
 * @returns unix seconds; `lab.now` where no exporter answers
 */
export const exporterSince = ({ exporter, now }: Lab): number =>
  exporter === undefined ? now : surelySince(exporter.startedAt);

/**
 * Since when stored samples are of all current settings: the exporter that simulates them and the Prometheus that
 * scrapes it both have to have begun. Between the two starts the old Prometheus scrapes the new exporter.
 * @returns unix seconds; `lab.now` where no exporter answers
 */
export const activeSince = (lab: Lab): number => Math.max(exporterSince(lab), lab.prometheusStartedAt);

/** The samples of the only series that a selector matches, from one instant to another, both included. */
export const storedBetween = async (read: Reader, selector: string, from: number, to: number): Promise<Sample[]> =>
  only(await read.samples(selector, Math.max(0, to - from) + 0.001, to)).filter(([at]) => at >= from);

/** So long after its end a scrape, or an evaluation, is stored, with some to spare. */
export const storingSeconds = 1;

/** The longest that Prometheus holds a new target back before it takes up its rhythm. */
const discoverySeconds = 5;

/**
 * How long until so many more scrapes are stored.
 * @param last  when the last one was, unix seconds; undefined where there is none yet: then it may be any phase
 * @returns seconds, at least 1
 */
export const untilScrapes = (scrapes: number, last: number | undefined, { now, scrapeSeconds }: Lab): number => {
  const due =
    last === undefined || now - last > scrapeSeconds + discoverySeconds
      ? discoverySeconds + scrapes * scrapeSeconds
      : last + scrapes * scrapeSeconds - now;
  return Math.max(1, due + storingSeconds);
};
