import type { Exercise, Expected, Mistake, Range, Solution } from '../model/exercise.ts';
import { clock, count } from '../model/format.ts';
import type { Answer } from '../model/reader.ts';
import { compare, isInstant, isRight, numberIn, seriesOf, slack } from './answer.ts';

/** What the queries of one exercise gave, each at every instant of `expected`, in its order. */
export type Given = { learner: Answer[]; answer: Answer[]; mistakes: { mistake: Mistake; answers: Answer[] }[] };

/**
 * Judges a learner's query by what it gave. Pure: data in, judgement out.
 * @param scrapeSeconds  how long to wait where the instants do not tell right from wrong yet
 */
export const judge = (exercise: Exercise, expected: Expected[], given: Given, scrapeSeconds: number): Solution => {
  const refused = given.learner.find((answer) => 'refused' in answer);
  if (refused) return { kind: 'refused', ...placed(refused.refused) };
  const passes = (answers: Answer[]) => expected.every((each, index) => isRight(each, answers[index]!));
  const wait = (reason: string): Solution => ({ kind: 'wait', seconds: scrapeSeconds, reason });
  if (!passes(given.answer)) return wait('stored samples without a gap');
  const compared = expected
    .map((each, index) => compare(each, given.learner[index]!))
    .sort((one, other) => one.at - other.at);
  if (!passes(given.learner)) {
    const isSame = (answers: Answer[]) => answers.every((answer, index) => equal(answer, given.learner[index]!));
    const mistakes = given.mistakes.filter(({ answers }) => isSame(answers)).map(({ mistake }) => mistake);
    return { kind: 'wrong', reason: reasonOf(expected, given.learner), mistakes, compared };
  }
  // Right at these instants; that counts only where nothing wrong is right at them, too.
  if (constantPasses(expected)) return wait('instants at which the right values differ');
  const alike = given.mistakes.find(({ answers }) => passes(answers));
  if (alike) return wait(`instants at which ${alike.mistake.query} is wrong`);
  return { kind: 'right', why: exercise.why, compared };
};

/** Prometheus writes `1:5: parse error: …`: line and column, both from 1. */
export const placed = (message: string): { message: string; place?: { line: number; column: number } } => {
  const [, line, column] = /(?:^|\s)(\d+):(\d+): parse error/.exec(message) ?? [];
  return line === undefined ? { message } : { message, place: { line: Number(line), column: Number(column) } };
};

/** Whether one and the same answer would be right at every instant. */
export const constantPasses = (expected: Expected[]): boolean => {
  const [first] = expected;
  if (first === undefined) return true;
  const fits = (ranges: Range[]) =>
    Math.max(...ranges.map(([low]) => low - slack(low))) <= Math.min(...ranges.map(([, high]) => high + slack(high)));
  if ('fires' in first) return expected.every((each) => 'fires' in each && each.fires === first.fires);
  if ('number' in first) return fits(expected.flatMap((each) => ('number' in each ? [each.number] : [])));
  return Object.keys(first.each).every((name) =>
    fits(expected.flatMap((each) => ('each' in each && each.each[name] ? [each.each[name]] : []))),
  );
};

/** The same values, whatever they are called; NaN is like NaN. */
const equal = (one: Answer, other: Answer): boolean => {
  const [values, others] = [one, other].map((answer) =>
    seriesOf(answer)
      .map(numberIn)
      .sort((a, b) => a - b),
  ) as [number[], number[]];
  return (
    isInstant(one) === isInstant(other) &&
    values.length === others.length &&
    values.every((value, index) => Object.is(value, others[index]) || Math.abs(value - others[index]!) <= slack(value))
  );
};

const reasonOf = (expected: Expected[], answers: Answer[]): string => {
  const other = answers.find((answer) => !isInstant(answer));
  if (other && 'type' in other) return kinds[other.type] ?? '';
  const wrong = expected.map((each, index) => ({ each, answer: answers[index]! }));
  const found = wrong.filter(({ each, answer }) => !isRight(each, answer));
  const { each, answer } = found[0]!;
  const got = seriesOf(answer).length;
  const when = `at ${clock(each.at)}`;
  if (answers.every((all) => seriesOf(all).length === 0)) return nothing('fires' in each);
  if ('fires' in each)
    return each.fires ? `it is not true ${when}, and has to be` : `it is true ${when}, and must not be`;
  const wanted = 'number' in each ? 1 : Object.keys(each.each).length;
  if (got === 0) return `it gives nothing ${when}`;
  if (got > wanted && wanted === 1) {
    return `it gives ${count(got, 'series')}, and one number is asked for: aggregate them, or pick one by its labels`;
  }
  if (got !== wanted) return `it gives ${count(got, 'series')} ${when}, and ${wanted} are asked for`;
  return `its value is wrong at ${found.length} of ${count(expected.length, 'instant')}`;
};

const kinds: Partial<Record<string, string>> = {
  matrix: 'it gives all samples of a window, and one value at each instant is asked for: put a function around it',
  string: 'it gives a text, and a number is asked for',
};

const nothing = (isAlert: boolean): string =>
  isAlert
    ? 'it is never true: it returns no series at any of the instants'
    : 'it gives nothing at any of the instants: is every name and label value spelt as it is stored?';
