import type { Range } from '../model/exercise.ts';
import type { Series } from '../promql/sample.ts';
import type { Bounds } from './fault.ts';

/** What one scrape adds to what is known of a target. Unix seconds. */
export type Step = {
  /** the scrape before it */
  after: number;
  at: number;
  /** whether it shows the fault */
  shows: boolean;
  /** from when on the fault is proved by it: a counter has grown since the scrape before, a state is of this one */
  provedFrom: number;
  /** requests that were lost since the scrape before */
  lost: number;
};

/** Steps of counters of one target, added up: they show the fault where they grow. */
export const counterSteps = (series: readonly Series[], minus: readonly Series[] = []): Step[] => {
  const plus = growthOf(series);
  const less = new Map(growthOf(minus).map(({ at, growth }) => [at, growth]));
  return plus.map(({ after, at, growth }) => {
    const lost = growth - (less.get(at) ?? 0);
    return { after, at, shows: lost > 0, provedFrom: after, lost };
  });
};

/** How much counters of the same scrapes have grown together; what a reset took is not known. */
const growthOf = (series: readonly Series[]): { after: number; at: number; growth: number }[] => {
  const growth = new Map<number, { after: number; growth: number }>();
  for (const { samples } of series) {
    for (const [index, [at, value]] of samples.entries()) {
      const before = samples[index - 1];
      if (before === undefined) continue;
      const known = growth.get(at) ?? { after: before[0], growth: 0 };
      known.growth += value < before[1] ? value : value - before[1];
      growth.set(at, known);
    }
  }
  return [...growth].map(([at, known]) => ({ at, ...known })).sort((one, other) => one.at - other.at);
};

/** Steps of a state: whether the scrape at an instant shows it. */
export const stateSteps = (times: readonly number[], shows: (at: number, after: number) => boolean): Step[] =>
  times.slice(1).map((at, index) => ({
    after: times[index]!,
    at,
    shows: shows(at, times[index]!),
    provedFrom: at,
    lost: 0,
  }));

/** The times of the samples of several series, each once, in order. */
export const timesOf = (series: readonly Series[]): number[] =>
  [...new Set(series.flatMap(({ samples }) => samples.map(([at]) => at)))].sort((one, other) => one - other);

/** @returns the last of some times that is not after an instant */
export const lastUntil = (times: readonly number[], at: number): number | undefined =>
  times.findLast((each) => each <= at);

/** A sample has the time at which its scrape was sent, and meets the exporter up to so much later. */
const metSeconds = 0.5;

/**
 * What the scrapes of one target leave open of something that began and ended: the last scrape before each, and the
 * first that shows what had happened.
 */
export const boundsIn = (steps: readonly Step[], from: number, to: number): Bounds => {
  const times = [...new Set(steps.flatMap(({ after, at }) => [after, at]))].sort((one, other) => one - other);
  const first = steps.find(({ at, shows }) => shows && at > from - metSeconds);
  const end = times.find((at) => at >= to);
  const last = steps.findLast(({ provedFrom, shows }) => shows && provedFrom < to && provedFrom >= (first?.after ?? 0));
  const inside = steps.filter(({ after, at }) => after >= from && at <= to);
  const touching = steps.filter(({ after, at }) => at > from && after < to);
  const since: Range | undefined = first && [
    Math.min(lastUntil(times, from) ?? from, first.after),
    Math.max(first.at, from),
  ];
  if (end === undefined || last === undefined) return { ...(since && { since }) };
  return { ...(since && { since }), until: [Math.min(last.provedFrom, to), end], lost: [sum(inside), sum(touching)] };
};

const sum = (steps: readonly Step[]): number => steps.reduce((total, { lost }) => total + lost, 0);

/** The same of several targets that share a fault: what any of them leaves open, and what all of them have lost. */
export const boundsTogether = (each: readonly Bounds[]): Bounds => {
  const around = (ranges: (Range | undefined)[]): Range | undefined => {
    const known = ranges.filter((range) => range !== undefined);
    if (known.length < each.length || known.length === 0) return undefined;
    return [Math.min(...known.map(([low]) => low)), Math.max(...known.map(([, high]) => high))];
  };
  const total = (ranges: (Range | undefined)[]): Range | undefined =>
    ranges.some((range) => range === undefined)
      ? undefined
      : ranges.reduce<Range>((all, range) => [all[0] + range![0], all[1] + range![1]], [0, 0]);
  const [since, until] = [around(each.map((one) => one.since)), around(each.map((one) => one.until))];
  const lost = total(each.map((one) => one.lost));
  return { ...(since && { since }), ...(until && { until }), ...(lost && { lost }) };
};

/**
 * What the samples of a series leave open that was not stored for a while: the last sample before the gap, and the
 * first one after it.
 * @param everySeconds  between two samples
 * @param lateSeconds   how long after what happened it may still be stored as before
 */
export const boundsOfGap = (
  times: readonly number[],
  from: number,
  to: number,
  everySeconds: number,
  lateSeconds: number,
): Bounds => {
  const gaps = times.slice(1).map((at, index) => ({ last: times[index]!, next: at }));
  const isGap = ({ last, next }: { last: number; next: number }) =>
    next - last > 1.5 * everySeconds && next > from && last < to && last <= from + lateSeconds;
  const gap = gaps.filter(isGap).sort((one, other) => other.next - other.last - (one.next - one.last))[0];
  if (gap === undefined) return {};
  return {
    since: [Math.min(from, gap.last), Math.max(from, gap.last + everySeconds)],
    until: [Math.min(to, gap.next - everySeconds), Math.max(to, gap.next)],
    lost: [0, 0],
  };
};
