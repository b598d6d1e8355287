import type { Exercise, Solution } from '../../lab/model/exercise.ts';
import type { Lab } from '../../lab/model/lab.ts';
import type { Reader } from '../../lab/model/reader.ts';
import {
  AnswerError,
  checkQuery,
  findExercise,
  type PlacedExercise,
  placedExercises,
} from '../../lab/running/exercises.ts';
import { ServiceError } from '../../lab/running/service.ts';
import { type Judged, type ListedExercise, solve } from '../../lab/running/solve.ts';
import { quoted } from '../../lab/settings/quoted.ts';
import { RequestError } from './errors.ts';
import type { SolvedStore } from './solved.ts';

/** An exercise with all that the page shows of it. */
export type ShownExercise = ListedExercise & { title: string } & Pick<
    Exercise,
    'task' | 'start' | 'hints' | 'answer'
  > & {
    /** it is no query that is to be written */
    isRouting?: true;
  };

/** How the learner's answers are judged, and where what was solved is kept. */
export type ExerciseAccess = {
  observe: () => Promise<Lab>;
  read: Reader;
  store: SolvedStore;
  /** unix seconds */
  clock: () => number;
};

/** The learner's turn. */
export const createExercises = ({ observe, read, store, clock }: ExerciseAccess) => ({
  list: (): ShownExercise[] => {
    const solved = new Map(store.list().map(({ exercise, ...rest }) => [exercise, rest]));
    return placedExercises().map(
      ({ experiment, title, number, name, exercise: { task, start, hints, answer, counts } }) => {
        const shown: ShownExercise = {
          ...{ experiment, title, number, task, start, hints, answer },
          ...(counts && { isRouting: true }),
        };
        return solved.has(name) ? { ...shown, solved: solved.get(name)! } : shown;
      },
    );
  },

  /**
   * Judges an answer, and keeps that it was right.
   * @param body  of a request: `{ experiment, number, query }`
   * @throws RequestError that names what is wrong with it
   */
  solve: async (body: unknown): Promise<Judged> => {
    const { name, exercise, query } = answerIn(body);
    const solution = await whereAnswered(async () => solve(exercise, query, read, await observe()));
    if (solution.kind !== 'right') return solution;
    return { ...solution, isKept: store.add({ exercise: name, answer: query, at: clock() }) };
  },
});

export type Exercises = ReturnType<typeof createExercises>;

const whereAnswered = async (judge: () => Promise<Solution>): Promise<Judged> => {
  try {
    return await judge();
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return { kind: 'unknown', reason: error.message, look: error.look };
  }
};

const answerIn = (body: unknown): PlacedExercise & { query: string } => {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new RequestError(`the body must be an object with experiment, number and query, got ${quoted(body)}`);
  }
  const { experiment, number, query } = body as Record<string, unknown>;
  try {
    return { ...findExercise(experiment, number), query: checkQuery(query) };
  } catch (error) {
    throw error instanceof AnswerError ? new RequestError(error.message) : error;
  }
};
