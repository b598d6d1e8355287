import assert from 'node:assert/strict';
import type { Exercise } from '../../lab/model/exercise.ts';
import type { Lab } from '../../lab/model/lab.ts';
import type { Reader } from '../../lab/model/reader.ts';
import { solve } from '../../lab/running/solve.ts';

/** The answer is right, and every typical mistake is told as that one. */
export const tellsAll = async (exercise: Exercise, read: Reader, lab: Lab): Promise<void> => {
  const right = await solve(exercise, exercise.answer, read, lab);
  assert.equal(right.kind, 'right', JSON.stringify(right));
  for (const mistake of exercise.mistakes) {
    const wrong = await solve(exercise, mistake.query, read, lab);
    const told = wrong.kind === 'wrong' ? wrong.mistakes : [];
    assert.ok(told.includes(mistake), `${mistake.query}: ${JSON.stringify(wrong)}`);
  }
};

/** Nobody's answer, whatever is asked. */
export const neverRight = [
  '50',
  'vector(50)',
  '0',
  'time()',
  'vector(time())',
  'up',
  'minute()',
  'no_such_metric',
  '{job="my_app"}',
  'up[1m]',
  '"50"',
];
