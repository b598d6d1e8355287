import type { SearchState } from '../../lab/running/diagnosis.ts';
import type { ShownExercise } from '../src/exercises.ts';

/** How many of a lesson's exercises there are, and how many of them are solved. */
export type Progress = { solved: number; all: number };

/** By the number of the experiment; a search counts each of its faults. */
export const progressOf = (
  exercises: readonly ShownExercise[],
  searches: SearchState['searches'],
): ReadonlyMap<number, Progress> => {
  const progress = new Map<number, Progress>();
  const add = (experiment: number, solved: number, all: number) => {
    const before = progress.get(experiment) ?? { solved: 0, all: 0 };
    progress.set(experiment, { solved: before.solved + solved, all: before.all + all });
  };
  for (const { experiment, solved } of exercises) add(experiment, solved === undefined ? 0 : 1, 1);
  for (const { experiment, found, causes } of searches) add(experiment, found.length, causes.length);
  return progress;
};

/** Of several lessons together. */
export const sumOf = (parts: readonly (Progress | undefined)[]): Progress =>
  parts.reduce<Progress>(
    (sum, part) => ({ solved: sum.solved + (part?.solved ?? 0), all: sum.all + (part?.all ?? 0) }),
    { solved: 0, all: 0 },
  );

export const isSolved = (progress: Progress | undefined): boolean =>
  progress !== undefined && progress.all > 0 && progress.solved === progress.all;
