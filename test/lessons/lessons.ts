import { experiments } from '../../experiments/catalogue.ts';
import type { Experiment } from '../../lab/model/lesson.ts';

/**
 * Every lesson of the catalogue, or with LESSON=21 that one: whoever writes it need not try all others.
 * @throws Error where there is no such lesson
 */
export const lessons = (lesson = process.env.LESSON): readonly Experiment[] => {
  const own = experiments.filter(({ number }) => lesson === undefined || `${number}` === lesson);
  if (own.length === 0) throw new Error(`LESSON must be the number of a lesson, got "${lesson}"`);
  return own;
};
