import { highCpu } from '../model/alerts.ts';
import type { Truth } from '../model/lab.ts';
import type { Sample } from '../promql/sample.ts';
import { milliseconds } from '../promql/window.ts';

/** A signal that is held for one second at a time: `values[i]` from `firstSecond + i` until the next second. */
export type HeldSignal = { firstSecond: number; values: readonly number[] };

/** When a scrape was sent, which is the time its samples carry, and its `scrape_duration_seconds`. */
export type Scrape = { at: number; durationSeconds: number };

/**
 * @param durations  samples of `scrape_duration_seconds`
 * @returns the scrape of a sample's time; of 0 s where none is stored, as for what the exporter's history holds
 */
export const scrapesIn = (durations: readonly Sample[]): ((at: number) => Scrape) => {
  const byTime = new Map(durations.map(([at, seconds]) => [milliseconds(at), seconds]));
  return (at) => ({ at, durationSeconds: byTime.get(milliseconds(at)) ?? 0 });
};

type Reported = Pick<Truth, 'instants' | 'cpuPercent' | 'requestsPerSecond'>;

export const cpuOf = ({ instants, cpuPercent }: Pick<Reported, 'instants' | 'cpuPercent'>): HeldSignal => ({
  firstSecond: instants[0] ?? 0,
  values: cpuPercent,
});
export const requestsOf = ({ instants, requestsPerSecond }: Omit<Reported, 'cpuPercent'>): HeldSignal => ({
  firstSecond: instants[0] ?? 0,
  values: requestsPerSecond,
});
/** 1 in each second at whose start the CPU rises over the threshold; nothing is known of the first second reported. */
export const spikesOf = ({ instants, cpuPercent }: Pick<Reported, 'instants' | 'cpuPercent'>): HeldSignal => {
  const isOver = (value: number) => value > highCpu.thresholdPercent;
  return {
    firstSecond: (instants[0] ?? 0) + 1,
    values: cpuPercent.slice(1).map((value, index) => (isOver(value) && !isOver(cpuPercent[index]!) ? 1 : 0)),
  };
};
/** Seconds of CPU time used in each second. */
export const busyOf = (truth: Pick<Reported, 'instants' | 'cpuPercent'>): HeldSignal => {
  const { firstSecond, values } = cpuOf(truth);
  return { firstSecond, values: values.map((percent) => percent / 100) };
};

/**
 * Prometheus moves a sample's time by up to 2 ms so that times lie evenly, and a clock that is read in
 * milliseconds is up to one behind.
 */
const edgeSeconds = 0.005;

/**
 * The whole seconds in which a scrape may have met the exporter: its samples carry the time at which it was sent,
 * and the exporter takes its values some time later, before the scrape's end.
 * @returns the first and the last of them, unix seconds
 */
export const secondsMet = ({ at, durationSeconds }: Scrape): [first: number, last: number] => [
  Math.floor(at - edgeSeconds),
  Math.floor(at + durationSeconds + edgeSeconds),
];

/**
 * The one rule that says whether a stored sample could have been true: the values that the signal had in the
 * seconds which its scrape may have met. A sample is right where its value is among them.
 * @throws RangeError where the truth does not reach that far: ask for `marginSeconds` more at both ends
 */
export const couldHaveSeen = (signal: HeldSignal, scrape: Scrape): number[] => {
  const [first, last] = secondsMet(scrape);
  return [...new Set(during(signal, first, last + 1))];
};

/** Prometheus gives a scrape up after 10 s: with so much more at its end, the truth reports of all that it may have met. */
export const marginSeconds = 11;

/**
 * By how much a counter of whole seconds can have grown between two scrapes: it counts every second that is over
 * when its exporter is asked, and at either scrape that may be a second more or less.
 * @returns the least and the most, both possible
 * @throws RangeError as above
 */
export const couldHaveGrown = (signal: HeldSignal, from: Scrape, to: Scrape): [least: number, most: number] => {
  const [earliestStart, latestStart] = secondsMet(from);
  const [earliestEnd, latestEnd] = secondsMet(to);
  const total = (first: number, end: number) => during(signal, first, end).reduce((sum, value) => sum + value, 0);
  return [total(latestStart, Math.max(latestStart, earliestEnd)), total(earliestStart, latestEnd)];
};

/** Values of the seconds from `first` to just before `end`. */
const during = ({ firstSecond, values }: HeldSignal, first: number, end: number): readonly number[] => {
  if (first < firstSecond || end > firstSecond + values.length) {
    throw new RangeError(
      `the truth must reach from second ${first} to ${end - 1}, it reaches from ${firstSecond} to ${firstSecond + values.length - 1}`,
    );
  }
  return values.slice(first - firstSecond, end - firstSecond);
};
