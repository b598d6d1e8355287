import { spread } from './instants.ts';
import type { Expectation, Expected, Judgement } from './types.ts';

/** What is right in the state of one experiment, from what its verdict has measured. */

/** Fewer instants than this could be right by luck. */
const fewest = 3;

/**
 * An exercise is judged where the verdict of its experiment has measured; else it waits, or sends elsewhere, as that.
 * @param command   puts the experiment into force
 * @param instants  of each kind that tells right from wrong, such as before a deploy and during it
 */
export const whereMeasured = (judgement: Judgement, command: string, ...instants: Expected[][]): Expectation => {
  if (judgement.kind === 'wait') return judgement;
  if (judgement.kind === 'elsewhere') return { ...judgement, type: judgement.type ?? command };
  const chosen = instants.flatMap((each) => spread(each, fewest, ({ at }) => at));
  if (chosen.length >= fewest && instants.every((each) => each.length > 0)) return { kind: 'known', instants: chosen };
  return { kind: 'elsewhere', reason: 'too little is stored of what this asks for', type: command };
};
