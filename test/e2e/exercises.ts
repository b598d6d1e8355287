import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Exercise, Solution } from '../../lab/model/exercise.ts';
import type { Experiment } from '../../lab/model/lesson.ts';
import { solve } from '../../lab/running/solve.ts';
import { pause } from '../support/until.ts';
import { isSmoke, lab } from './stack.ts';

/** Waits as long as the judge says, within reason. */
const judged = async (exercise: Exercise, query: string): Promise<Solution> => {
  for (let waited = 0; ; ) {
    const solution = await solve(exercise, query, lab.read, await lab.state());
    if (solution.kind !== 'wait' || waited > 120) return solution;
    waited += Math.min(5, solution.seconds);
    await pause(Math.min(5, solution.seconds));
  }
};

const tellsAll = async (exercise: Exercise) => {
  const right = await judged(exercise, exercise.answer);
  assert.equal(right.kind, 'right', JSON.stringify(right, null, 1));
  for (const mistake of exercise.mistakes) {
    const wrong = await judged(exercise, mistake.query);
    const named = wrong.kind === 'wrong' ? wrong.mistakes : [];
    assert.ok(named.includes(mistake), `${mistake.query}: ${JSON.stringify(wrong, null, 1)}`);
  }
};

/**
 * Whether an experiment's exercises are about its own state. Those of one that only asks, that puts plain steps
 * together or that is a search are about the base lab.
 */
export const areAboutItsState = ({ change }: Experiment): boolean => change === 'own';

/**
 * Tests every answer and every typical mistake of an experiment's exercises on the lab as it is.
 * A judgement reads Prometheus and the exporter, the same programs in both runtimes: a smoke run leaves it out.
 */
export const testExercises = ({ number, exercises = [] }: Experiment): void => {
  if (exercises.length === 0) return;
  test(`exercises of experiment ${number}: every answer is right, every mistake is named`, {
    skip: isSmoke,
  }, async (t) => {
    for (const [index, exercise] of exercises.entries()) {
      await t.test(`${number}.${index + 1} ${exercise.task}`, () => tellsAll(exercise));
    }
  });
};
