import { clock, count } from '../model/format.ts';
import type { Claim } from '../model/verdict.ts';
import type { Sample } from '../promql/sample.ts';
import { type Scrape, secondsMet } from './scrape.ts';

/** Samples of a counter of whole seconds, beside what it really was. */

/** A sample, and the least and the most that the counter was during its scrape. */
export type Counted = { sample: Sample; least: number; most: number };

/** @param totalAt  what the counter was in a whole second, unix seconds */
export const countedIn = (
  samples: readonly Sample[],
  scrapeAt: (at: number) => Scrape,
  totalAt: (second: number) => number,
): Counted[] =>
  samples.map((sample) => {
    const [first, last] = secondsMet(scrapeAt(sample[0]));
    return { sample, least: totalAt(first), most: totalAt(last) };
  });

/** @param also  how the sentence goes on, such as `, every burst in them` */
export const countedRight = (metric: string, stored: readonly Counted[], also = ''): Claim => {
  const wrong = stored.filter(({ sample: [, value], least, most }) => value < least || value > most);
  return {
    claim: `what was stored is right: ${count(stored.length, 'sample')} of ${metric}${also}`,
    holds: stored.length > 0 && wrong.length === 0,
    evidence: `${metric}[1m], beside /truth`,
    expected: wrong.map(({ least, most }) => `${least} to ${most}`).join(', ') || 'one sample at least',
    measured: wrong.map(({ sample: [at, value] }) => `${value} at ${clock(at)}`).join(', ') || 'none',
    look: `${metric} in the table view`,
  };
};
