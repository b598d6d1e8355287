import { judge } from '../judging/judge.ts';
import type { Exercise, Solution } from '../model/exercise.ts';
import type { Lab } from '../model/lab.ts';
import type { Reader } from '../model/reader.ts';
import { checkQuery } from './exercises.ts';

/** What is said of an answer, and whether it was kept that it was right; `unknown` where the lab gave no answer. */
export type Judged = (Solution & { isKept?: boolean }) | Unknown;

/** Why nothing can be judged, and what the reader can look at. */
export type Unknown = { kind: 'unknown'; reason: string; look?: string };

/** An exercise of the list that the guide keeps; `solved` once it is, with the learner's own query. */
export type ListedExercise = { experiment: number; number: number; solved?: { answer: string; at: number } };

/**
 * Runs a learner's query on the lab, beside the answer and the typical mistakes, and judges it by value.
 * @throws AnswerError where there is no query in it, and ServiceError where the lab does not answer
 */
export const solve = async (exercise: Exercise, query: string, read: Reader, lab: Lab): Promise<Solution> => {
  checkQuery(query);
  // A query that cannot be read is refused whatever the lab has stored.
  const first = await read.ask(query, lab.now);
  if ('refused' in first) return judge(exercise, [], { learner: [first], answer: [], mistakes: [] }, lab.scrapeSeconds);
  const expectation = await exercise.expected(read, lab);
  if (expectation.kind !== 'known') return expectation;
  const { instants } = expectation;
  const ask = (expr: string) => Promise.all(instants.map(({ at }) => read.ask(expr, at)));
  const [learner, answer, ...mistakes] = await Promise.all(
    [query, exercise.answer, ...exercise.mistakes.map((mistake) => mistake.query)].map(ask),
  );
  const given = exercise.mistakes.map((mistake, index) => ({ mistake, answers: mistakes[index]! }));
  return judge(exercise, instants, { learner: learner!, answer: answer!, mistakes: given }, lab.scrapeSeconds);
};
