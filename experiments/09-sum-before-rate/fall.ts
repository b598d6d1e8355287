import { couldBeNewest } from '../evaluated.ts';
import type { Scrape } from '../seen.ts';
import type { Lab, Sample } from '../types.ts';
import { milliseconds } from '../window.ts';

/** What is stored of one instance, in the order of time. */
export type Counted = { requests: Sample[]; scrapeAt: (at: number) => Scrape };

/** The fall of a recorded sum, and the window around it that is measured; unix seconds. */
export type Fall = { index: number; at: number; until: number; windowSeconds: number };

/** Long enough for two samples on either side of the fall. */
export const windowSecondsFor = ({ scrapeSeconds, evaluationSeconds }: Lab): number =>
  Math.max(30, Math.ceil(3 * Math.max(scrapeSeconds, evaluationSeconds)));

/** The first evaluation that surely met a sample of every instance. */
export const wholeSince = (recorded: readonly Sample[], members: readonly Counted[]): number | undefined =>
  recorded.find(([at]) =>
    members.every(({ requests, scrapeAt }) => !couldBeNewest(requests, scrapeAt, at).includes(undefined)),
  )?.[0];

/** The first fall of the sum after an instant at which it was whole. */
export const fallAfter = (recorded: readonly Sample[], since: number, lab: Lab): Fall | undefined => {
  const index = recorded.findIndex(
    ([, value], place) => place > 0 && recorded[place - 1]![0] >= since && value < recorded[place - 1]![1],
  );
  if (index === -1) return undefined;
  const windowSeconds = windowSecondsFor(lab);
  const [at] = recorded[index]!;
  return { index, at, until: milliseconds(at + windowSeconds / 2) / 1000, windowSeconds };
};

/** The least and the most that a sum of these counters can have been at an evaluation. */
export const couldBeSum = (members: readonly Counted[], at: number): [least: number, most: number] => {
  const each = members.map(({ requests, scrapeAt }) =>
    couldBeNewest(requests, scrapeAt, at).map((sample) => sample?.[1] ?? 0),
  );
  const sum = (numbers: number[]) => numbers.reduce((total, value) => total + value, 0);
  return [sum(each.map((values) => Math.min(...values))), sum(each.map((values) => Math.max(...values)))];
};
