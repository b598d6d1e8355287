import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** What the learner has solved: the exercise by its experiment's slug and its number, such as `aggregation/1`. */
export type Solved = { exercise: string; answer: string; at: number };

/** Keeps what has been solved, the newest answer of each exercise. */
export type SolvedStore = {
  list: () => readonly Solved[];
  /** @returns false where it could not be written down, so that it is forgotten with this process */
  add: (solved: Solved) => boolean;
};

/**
 * @param file  a JSON file, which need not exist; without one it is kept in memory
 * @param warn  is told where the file cannot be read or written: an exercise is judged all the same
 */
export const createSolvedStore = (file: string | undefined, warn: (message: string) => void): SolvedStore => {
  let kept = file === undefined ? [] : read(file, warn);
  return {
    list: () => kept,
    add: (solved) => {
      kept = [...kept.filter(({ exercise }) => exercise !== solved.exercise), solved];
      return file === undefined || write(file, kept, warn);
    },
  };
};

const read = (file: string, warn: (message: string) => void): readonly Solved[] => {
  try {
    const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (Array.isArray(content) && content.every(isSolved)) return content;
    warn(`${file} does not hold what has been solved: it is begun anew`);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') warn(`what has been solved cannot be read: ${message}`);
  }
  return [];
};

const isSolved = (entry: unknown): entry is Solved => {
  const { exercise, answer, at } = (entry ?? {}) as Record<string, unknown>;
  return typeof exercise === 'string' && typeof answer === 'string' && typeof at === 'number';
};

/** Whole or not at all: a file that is cut off would lose what it held. */
const write = (file: string, solved: readonly Solved[], warn: (message: string) => void): boolean => {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.new`, `${JSON.stringify(solved, null, 2)}\n`);
    renameSync(`${file}.new`, file);
    return true;
  } catch (error) {
    warn(`what has been solved cannot be written down: ${(error as Error).message}`);
    return false;
  }
};
