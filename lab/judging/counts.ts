import type { Exercise, Expected, Mistake, Solution } from '../model/exercise.ts';
import type { Answer } from '../model/reader.ts';
import { compare } from './answer.ts';

const answerOf = (value: number): Answer => ({ type: 'scalar', series: [{ labels: {}, samples: [[0, value]] }] });

/**
 * Judges what somebody has written by what it counts. Pure: data in, judgement out.
 * @param expected  each with `where`: what is counted, such as `notifications when the switch fails`
 * @param counts    of what the learner has written, a number for each of them
 * @param mistakes  what each typical mistake counts
 */
export const judgeCounts = (
  { why }: Pick<Exercise, 'why'>,
  expected: readonly Expected[],
  counts: readonly number[],
  mistakes: readonly { mistake: Mistake; counts: readonly number[] }[],
): Solution => {
  const compared = expected.map((each, index) => compare(each, answerOf(counts[index]!)));
  const wrong = compared.find(({ isRight }) => !isRight);
  if (wrong === undefined) return { kind: 'right', why, compared };
  return {
    kind: 'wrong',
    reason: `${wrong.where}: ${wrong.given}, and ${wrong.expected} is right`,
    mistakes: mistakes.filter((each) => each.counts.join() === counts.join()).map(({ mistake }) => mistake),
    compared,
  };
};
