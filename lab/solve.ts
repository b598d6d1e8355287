import { judge } from '../experiments/judge.ts';
import type { Exercise, Lab, Reader, Solution } from '../experiments/types.ts';

/** The longest query that is read, in characters. */
export const longestQuery = 2_000;

/** A query that is not even asked; the message names what is wrong with it. */
export class QueryError extends Error {}

/** @throws QueryError where there is nothing in it, or more than anyone types */
export const checkQuery = (query: string): void => {
  if (query.trim() === '') throw new QueryError('QUERY must be a PromQL query, got nothing');
  if (query.length > longestQuery) {
    throw new QueryError(`QUERY must have at most ${longestQuery} characters, got ${query.length}`);
  }
};

/**
 * Runs a learner's query on the lab, beside the answer and the typical mistakes, and judges it by value.
 * @throws QueryError, and ServiceError where the lab does not answer
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
