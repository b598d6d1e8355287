import { deviation, mean, values } from '../../lab/evidence/samples.ts';
import { requestsOf } from '../../lab/evidence/scrape.ts';
import type { Truth } from '../../lab/model/lab.ts';
import { agrees, rate } from '../../lab/promql/extrapolation.ts';
import type { Sample } from '../../lab/promql/sample.ts';
import { afterSeconds, beforeSeconds } from './step.ts';

/** The windows of the lesson; the middle one is what most dashboards use. */
export const windows = [
  { window: '10s', seconds: 10 },
  { window: '1m', seconds: 60 },
  { window: '10m', seconds: 600 },
] as const;

/** What a range query answers for one window, from the step on, an instant for each interval. */
export type Line = { window: string; seconds: number; rate: Sample[] };

/** How a line takes the step: seconds to half of the way, and how far it wavers once its window holds no step. */
export type Shape = { lag: number | undefined; noise: number };

/** The instants of a range query. */
export const instantsFrom = (from: number, intervalSeconds: number): number[] =>
  Array.from({ length: Math.floor(afterSeconds / intervalSeconds) + 1 }, (_, index) => from + index * intervalSeconds);

/** How many of the instants the line answers otherwise than the extrapolation of the raw samples says. */
export const differences = (
  { rate: line, seconds }: Line,
  raw: readonly Sample[],
  instants: readonly number[],
): number =>
  instants.filter((at) => {
    const answer = line.find(([time]) => Math.abs(time - at) < 0.0005)?.[1];
    return !agrees(answer, rate(raw, at, seconds));
  }).length;

/** Level of traffic before and after the step, requests per second. */
export const levels = (truth: Truth, step: number): [before: number, after: number] => {
  const { firstSecond, values: perSecond } = requestsOf(truth);
  const during = (from: number, to: number) => mean(perSecond.slice(from - firstSecond, to - firstSecond));
  return [during(step - beforeSeconds, step), during(step, step + afterSeconds)];
};

/**
 * How long a line takes to follow a step: seconds until it is first half of the way.
 * @returns undefined where it never is
 */
export const lagSeconds = (line: readonly Sample[], step: number, from: number, to: number): number | undefined => {
  const half = (from + to) / 2;
  const reached = line.find(([at, value]) => at >= step && (to > from ? value >= half : value <= half));
  return reached === undefined ? undefined : reached[0] - step;
};

/** Only where the longest window no longer holds the step, so that the step is in no window's noise. */
const flatFrom = beforeSeconds + 10;

export const shapeOf = (line: readonly Sample[], step: number, from: number, to: number): Shape => {
  const flat = values(line.filter(([at]) => at >= step + flatFrom));
  return {
    lag: lagSeconds(line, step, from, to),
    noise: flat.length === 0 ? Number.NaN : deviation(flat),
  };
};

/** The line that a rate without extrapolation would draw: what really arrived in each window, per second. */
export const trueLine = (truth: Truth, instants: readonly number[], seconds: number): Sample[] => {
  const { firstSecond, values: perSecond } = requestsOf(truth);
  return instants.map((at) => {
    const end = Math.floor(at) - firstSecond;
    return [at, mean(perSecond.slice(end - seconds, end))] as const;
  });
};

/** Whether each window is calmer and later than the one before it. */
export const isOrdered = (shapes: readonly Shape[]): boolean =>
  shapes.every(({ lag, noise }, index) => {
    const shorter = shapes[index - 1];
    if (lag === undefined) return false;
    return shorter === undefined || (noise < shorter.noise && lag > shorter.lag!);
  });
