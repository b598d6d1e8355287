import { couldBeNewest } from '../../lab/evidence/evaluation.ts';
import type { Target } from '../../lab/evidence/fleet.ts';
import type { Lab } from '../../lab/model/lab.ts';
import type { Sample } from '../../lab/promql/sample.ts';
import { milliseconds, type Window } from '../../lab/promql/window.ts';

/** The fall of a recorded sum, and the window around it that is measured; unix seconds. */
export type Fall = Window & { index: number };

/** Long enough for two samples of each instance, and of the sum on either side of its fall. */
export const windowSecondsFor = ({ scrapeSeconds, evaluationSeconds }: Lab): number =>
  Math.max(30, Math.ceil(3 * Math.max(scrapeSeconds, evaluationSeconds)));

/** The first evaluation that surely met a sample of every instance. */
export const wholeSince = (recorded: readonly Sample[], members: readonly Target[]): number | undefined =>
  recorded.find(([at]) =>
    members.every(({ requests, scrapeAt }) => !couldBeNewest(requests, scrapeAt, at).includes(undefined)),
  )?.[0];

/**
 * The first fall of a sum that was whole, once the instance had left: one of another fleet may have been in it at
 * first. It lies in the middle of its window, or nearer to the start where the sum had not been whole for so long.
 */
export const fallAfter = (recorded: readonly Sample[], whole: number, leavesAt: number, lab: Lab): Fall | undefined => {
  const index = recorded.findIndex(
    ([at, value], place) =>
      at > leavesAt && place > 0 && recorded[place - 1]![0] >= whole && value < recorded[place - 1]![1],
  );
  if (index === -1) return undefined;
  const windowSeconds = windowSecondsFor(lab);
  // A window is open on the left: a millisecond before it, the first whole sum is in it.
  const from = Math.max(milliseconds(whole) - 1, milliseconds(recorded[index]![0] - windowSeconds / 2));
  return { index, at: (from + milliseconds(windowSeconds)) / 1000, windowSeconds };
};

/** The least and the most that a sum of these counters can have been at an evaluation. */
export const couldBeSum = (members: readonly Target[], at: number): [least: number, most: number] => {
  const each = members.map(({ requests, scrapeAt }) =>
    couldBeNewest(requests, scrapeAt, at).map((sample) => sample?.[1] ?? 0),
  );
  const sum = (numbers: number[]) => numbers.reduce((total, value) => total + value, 0);
  return [sum(each.map((values) => Math.min(...values))), sum(each.map((values) => Math.max(...values)))];
};
