import type { Expectation, Expected } from '../model/exercise.ts';
import type { Lab } from '../model/lab.ts';
import type { Judgement } from '../model/verdict.ts';
import { spread } from './instants.ts';

/** What is right in the state of one experiment, from what its verdict has measured. */

/** Fewer instants than this could be right by luck. */
const fewest = 3;

/** How many instants are missing; at most so many of each kind count. */
const missingOf = (instants: readonly (readonly Expected[])[]): number =>
  Math.max(0, fewest - instants.reduce((sum, each) => sum + Math.min(fewest, each.length), 0));

/**
 * What keeps an exercise from being judged about a state that lasts: each scrape gives it another instant.
 * @param instants  of each kind, some of each
 */
export const lasting = ({ scrapeSeconds }: Lab, ...instants: (readonly Expected[])[]): Judgement =>
  missingOf(instants) === 0
    ? { kind: 'measured', findings: [] }
    : { kind: 'wait', seconds: missingOf(instants) * scrapeSeconds, reason: 'some more scrapes' };

/**
 * An exercise is judged where the verdict of its experiment has measured; else it waits, or sends elsewhere, as that.
 * @param command   applies the experiment
 * @param instants  of each kind that distinguishes right from wrong, such as before a deploy and during it
 */
export const whereMeasured = (judgement: Judgement, command: string, ...instants: Expected[][]): Expectation => {
  if (judgement.kind === 'wait') return judgement;
  if (judgement.kind === 'elsewhere') return { ...judgement, type: judgement.type ?? command };
  const chosen = instants.flatMap((each) => spread(each, fewest, ({ at }) => at));
  if (missingOf(instants) === 0 && instants.every((each) => each.length > 0))
    return { kind: 'known', instants: chosen };
  return { kind: 'elsewhere', reason: 'too little is stored of what this asks for', type: command };
};
