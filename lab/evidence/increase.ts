import { between, clock, listed, seconds, truthBetween } from '../model/format.ts';
import type { Truth } from '../model/lab.ts';
import { requests as counter } from '../model/metrics.ts';
import type { Claim } from '../model/verdict.ts';
import { growth } from '../promql/extrapolation.ts';
import type { Sample } from '../promql/sample.ts';
import { inWindow, type Window } from '../promql/window.ts';
import type { Target } from './fleet.ts';
import { couldHaveGrown, type HeldSignal, requestsOf } from './scrape.ts';

/** What a stored counter increased by between its first scrape in a window and its last, beside what happened. */
export type Increase = {
  /** last − first of the raw samples, counter resets aside; 0 where there are none */
  raw: number;
  /** what can have happened between the two scrapes; NaN where that is not known */
  least: number;
  most: number;
  /** the same in words */
  happened: string;
  isRight: boolean;
};

/** @param signal  what happened in each second; undefined where that is not known */
export const increaseIn = (
  samples: readonly Sample[],
  signal: HeldSignal | undefined,
  { scrapeAt }: Pick<Target, 'scrapeAt'>,
  { at, windowSeconds }: Window,
): Increase => {
  const inside = inWindow(samples, at, windowSeconds);
  const [first, last] = [inside[0], inside.at(-1)];
  if (first === undefined || last === undefined || signal === undefined) {
    return { raw: 0, least: Number.NaN, most: Number.NaN, happened: 'unknown', isRight: false };
  }
  const raw = growth(inside);
  const [least, most] = couldHaveGrown(signal, scrapeAt(first[0]), scrapeAt(last[0]));
  return { raw, least, most, happened: between(least, most), isRight: raw >= least && raw <= most };
};

/** What a counter increases by in each second, from what it shows at each instant of the truth. */
export const countedBy = ({ instants }: Pick<Truth, 'instants'>, totals: readonly number[]): HeldSignal => ({
  firstSecond: instants[0] ?? 0,
  values: totals.slice(1).map((value, index) => value - totals[index]!),
});

/** How many requests arrived at an instance in the whole seconds from one to just before another. */
export const requestsBetween = (
  { instants, requestsPerSecond }: Pick<Truth, 'instants' | 'requestsPerSecond'>,
  from: number,
  to: number,
): number =>
  requestsPerSecond
    .filter((_, index) => instants[index]! >= from && instants[index]! < to)
    .reduce((sum, value) => sum + value, 0);

/** The same in a window, from the whole second in which it begins to just before the one in which it ends. */
export const requestsWithin = (truth: Parameters<typeof requestsBetween>[0], { at, windowSeconds }: Window): number =>
  requestsBetween(truth, Math.floor(at - windowSeconds), Math.floor(at));

/** The requests of each instance between its first scrape after an instant and the last until another. */
export const requestsStored = (
  targets: readonly Target[],
  from: number,
  to: number,
): (Increase & { instance: string })[] =>
  targets.map((target) => ({
    instance: target.instance,
    ...increaseIn(target.requests, target.truth && requestsOf(target.truth), target, {
      at: to,
      windowSeconds: to - from,
    }),
  }));

/** The requests that were stored of each are those that happened between its first scrape and its last. */
export const storedIsRight = (targets: readonly Target[], from: number, to: number): Claim => {
  const each = requestsStored(targets, from, to);
  return {
    claim: `what was stored is right: between the first scrape after ${clock(from)} and the last by ${clock(to)}, ${listed(each.map(({ instance, raw, happened }) => `${instance} counted ${raw} (truth: ${happened})`))}`,
    holds: each.length > 0 && each.every(({ isRight }) => isRight),
    evidence: `${counter}, last − first, beside /truth between the same scrapes`,
    expected: listed(each.map(({ instance, happened }) => `${happened} at ${instance}`)),
    measured: listed(each.map(({ raw }) => `${raw}`)),
    look: `${counter}[2m] in the table view: a restart, or a scrape that is missing?`,
  };
};

/** The same of a whole fleet in one line: what the exporter says has happened, and that it was stored. */
export const fleetIsRight = (targets: readonly Target[], since: number, at: number): Claim => {
  const each = requestsStored(targets, since, at);
  const wrong = each.filter(({ isRight }) => !isRight);
  const total = (key: 'raw' | 'least' | 'most') => each.reduce((sum, row) => sum + row[key], 0);
  const names = targets.length === 1 ? targets[0]!.instance : `${targets.length} instances`;
  return {
    claim: `what happened, and what was stored: between their first and last scrape of the last ${seconds(at - since)}, ${names} counted ${total('raw')} requests (truth: ${between(total('least'), total('most'))})`,
    holds: each.length > 0 && wrong.length === 0,
    evidence: `${counter} of each instance, last − first, beside ${truthBetween(since, at)}&instance=…`,
    expected:
      wrong.length === 0
        ? 'each as reported'
        : listed(wrong.map(({ happened, instance }) => `${happened} at ${instance}`)),
    measured: wrong.length === 0 ? 'nothing' : listed(wrong.map(({ raw }) => `${raw}`)),
    look: `${counter}[2m] in the table view: a restart, or a scrape that is missing?`,
  };
};
