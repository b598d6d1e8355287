import type { Exercise, Expected, Mistake, Range, Solution } from '../model/exercise.ts';
import type { Answer } from '../model/reader.ts';
import { compare, hasNumbers, isRight, isSame, slack } from './answer.ts';
import { reasonOf } from './reason.ts';
import { outlineOf } from './selector.ts';
import { haveSameWindows } from './slip.ts';

/**
 * What the queries of one exercise gave, each at every instant of `expected`, in its order. What cannot be asked in a
 * world is refused there.
 */
export type Given = {
  /** the learner's query */
  query: string;
  learner: Answer[];
  answer: Answer[];
  /** `isJudgedElsewhere` of one that a world distinguishes in which the learner's query cannot be asked */
  mistakes: { mistake: Mistake; answers: Answer[]; isJudgedElsewhere?: boolean }[];
  /** a name in the query that nothing is stored under, in words */
  unknownName?: string;
};

/**
 * Judges a learner's query by what it gave. Pure: data in, judgement out.
 * @param scrapeSeconds  how long to wait where the instants do not distinguish right from wrong yet
 */
export const judge = (exercise: Exercise, expected: Expected[], given: Given, scrapeSeconds: number): Solution => {
  const { query, learner, mistakes, unknownName } = given;
  const refused = learner.find((answer, index) => 'refused' in answer && expected[index]?.where === undefined);
  if (refused && 'refused' in refused) return { kind: 'refused', ...placed(refused.refused, query) };
  const { mayBeRounded } = exercise;
  const passes = (answers: Answer[]) => expected.every((each, index) => isRight(each, answers[index]!, mayBeRounded));
  const wait = (reason: string): Solution => ({ kind: 'wait', seconds: scrapeSeconds, reason });
  if (!passes(given.answer)) return wait('stored samples without a gap');
  const compared = expected
    .map((each, index) => compare(each, learner[index]!, mayBeRounded))
    .filter(({ where, isRight: isRightThere }) => where === undefined || !isRightThere)
    .sort((one, other) => Number(one.where !== undefined) - Number(other.where !== undefined) || one.at - other.at);
  if (!passes(learner)) {
    const isAlike = ({ mistake, answers }: Given['mistakes'][0]) =>
      answers.every((answer, index) => isSame(answer, learner[index]!)) &&
      (hasNumbers(learner) || (unknownName === undefined && isLike(mistake.query, query)));
    const reason = unknownName ?? reasonOf(expected, learner, mayBeRounded);
    return { kind: 'wrong', reason, mistakes: mistakes.filter(isAlike).map(({ mistake }) => mistake), compared };
  }
  // Right at these instants; that counts only where nothing wrong is right at them, too.
  if (constantPasses(expected)) return wait('instants at which the right values differ');
  const alike = mistakes.find(({ answers, isJudgedElsewhere }) => !isJudgedElsewhere && passes(answers));
  if (alike) return wait(`instants at which ${alike.mistake.query} is wrong`);
  return { kind: 'right', why: exercise.why, compared };
};

/** Whether one query does what the other does, or a part of it, over the same windows. */
const isLike = (one: string, other: string): boolean => {
  const [words, others] = [one, other].map((query) => ` ${outlineOf(query).join(' ')} `) as [string, string];
  return haveSameWindows(one, other) && (words.includes(others) || others.includes(words));
};

/**
 * Prometheus writes `1:5: parse error: …`: line and column, both from 1.
 * @param query  in which Prometheus counts bytes; `column` is of its characters, as JavaScript counts them
 */
export const placed = (
  message: string,
  query: string,
): { message: string; place?: { line: number; column: number } } => {
  const [, line, bytes] = /(?:^|\s)(\d+):(\d+): parse error/.exec(message) ?? [];
  if (line === undefined) return { message };
  const encoded = new TextEncoder().encode(query.split('\n')[Number(line) - 1] ?? '');
  // What lies beyond the end of the line is counted on.
  const before = new TextDecoder().decode(encoded.slice(0, Number(bytes) - 1)).length;
  const beyond = Math.max(0, Number(bytes) - 1 - encoded.length);
  return { message, place: { line: Number(line), column: before + beyond + 1 } };
};

/** Whether one and the same answer would be right at every instant. */
export const constantPasses = (expected: Expected[]): boolean => {
  const [first] = expected;
  if (first === undefined) return true;
  const fits = (ranges: Range[]) =>
    Math.max(...ranges.map(([low]) => low - slack(low))) <= Math.min(...ranges.map(([, high]) => high + slack(high)));
  if ('fires' in first) return expected.every((each) => 'fires' in each && each.fires === first.fires);
  if ('number' in first) return fits(expected.flatMap((each) => ('number' in each ? [each.number] : [])));
  const names = Object.keys(first.each);
  // A constant has the same series everywhere.
  const isSameSeries = ({ each }: typeof first) =>
    names.length === Object.keys(each).length && names.every((name) => name in each);
  const all = expected.filter((each) => 'each' in each);
  return all.every(isSameSeries) && names.every((name) => fits(all.map(({ each }) => each[name]!)));
};
