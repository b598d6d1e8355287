import { readKept, writeKept } from './kept.ts';

/** What the learner has solved: the exercise by its experiment's slug and its number, such as `aggregation/1`. */
type Solved = { exercise: string; answer: string; at: number };

/** Keeps what has been solved, the newest answer of each exercise. */
export type SolvedStore = {
  list: () => readonly Solved[];
  /** @returns false where it could not be written down, so that it is forgotten with this process */
  add: (solved: Solved) => boolean;
};

const what = 'what has been solved';

/** Slugs that a file of an earlier lab may hold, and what they are called now. */
const renamed: Readonly<Record<string, string>> = { engine: 'replication' };

const withSlugOfNow = (solved: Solved): Solved => {
  const [slug = '', ...rest] = solved.exercise.split('/');
  return { ...solved, exercise: [renamed[slug] ?? slug, ...rest].join('/') };
};

/**
 * @param file  a JSON file, which need not exist; without one it is kept in memory
 * @param warn  is called where the file cannot be read or written: an exercise is judged all the same
 */
export const createSolvedStore = (file: string | undefined, warn: (message: string) => void): SolvedStore => {
  let kept = ((file !== undefined && readKept(file, isSolvedList, what, warn)) || []).map(withSlugOfNow);
  return {
    list: () => kept,
    add: (solved) => {
      kept = [...kept.filter(({ exercise }) => exercise !== solved.exercise), solved];
      return file === undefined || writeKept(file, kept, what, warn);
    },
  };
};

const isSolvedList = (content: unknown): content is readonly Solved[] =>
  Array.isArray(content) && content.every(isSolved);

const isSolved = (entry: unknown): entry is Solved => {
  const { exercise, answer, at } = (entry ?? {}) as Record<string, unknown>;
  return typeof exercise === 'string' && typeof answer === 'string' && typeof at === 'number';
};
