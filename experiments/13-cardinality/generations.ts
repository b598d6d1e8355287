import { type Scrape, secondsMet } from '../../lab/evidence/scrape.ts';

/** A label that has new values every so often: which generation of them was shown in each second. */
export type Churn = { firstSecond: number; generation: readonly number[] };

/**
 * How many generations of the label so many scrapes in a row have met. A scrape at the turn of one may have met
 * either.
 * @returns the least and the most, both possible; 0 without a scrape
 * @throws RangeError where the truth does not reach that far
 */
export const generationsMet = (churn: Churn, scrapes: readonly Scrape[]): [least: number, most: number] => {
  const ranges = scrapes.map((scrape) => secondsMet(scrape).map((second) => generationIn(churn, second)));
  let least = 0;
  let most = 0;
  let furthest = Number.NEGATIVE_INFINITY;
  let newest = Number.NEGATIVE_INFINITY;
  for (const [first, last] of ranges as [number, number][]) {
    // As late as possible, a generation is shared by as many scrapes as can be; as early as possible, by as few.
    if (first > furthest) [least, furthest] = [least + 1, last];
    if (last > newest) [most, newest] = [most + 1, Math.max(first, newest + 1)];
  }
  return [least, most];
};

const generationIn = ({ firstSecond, generation }: Churn, second: number): number => {
  const found = generation[second - firstSecond];
  if (found !== undefined) return found;
  const last = firstSecond + generation.length - 1;
  throw new RangeError(`the truth must reach to second ${second}, it reaches from ${firstSecond} to ${last}`);
};
