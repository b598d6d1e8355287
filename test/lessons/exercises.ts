import assert from 'node:assert/strict';
import type { Exercise, Solution } from '../../lab/model/exercise.ts';
import type { Lab } from '../../lab/model/lab.ts';
import type { Reader } from '../../lab/model/reader.ts';
import { type PlacedExercise, placedExercises } from '../../lab/running/exercises.ts';
import { solve } from '../../lab/running/solve.ts';

/** Slower than this no exercise is judged, and faster than its own `slowestSeconds` each is. */
export const slowestOf = ({ slowestSeconds = 60 }: Exercise): number => slowestSeconds;

/**
 * Every exercise of the catalogue, or with LESSON=21 those of that lesson: whoever writes it need not try all others.
 * What is right is read once from each lab.
 */
export const exercisesOf = (lesson = process.env.LESSON): PlacedExercise[] => {
  const own = placedExercises().filter(({ experiment }) => lesson === undefined || `${experiment}` === lesson);
  if (own.length === 0) throw new Error(`LESSON must be the number of a lesson with exercises, got "${lesson}"`);
  return own.map((each) => ({ ...each, exercise: readingOnce(each.exercise) }));
};

/**
 * The same exercise, which reads what is right once from each lab that it is asked on: what is stored there stays as it
 * is, and each answer and mistake would have it computed again.
 */
const readingOnce = (exercise: Exercise): Exercise => {
  const known = new Map<Reader, Map<Lab, ReturnType<Exercise['expected']>>>();
  return {
    ...exercise,
    expected: (read, lab) => {
      const ofReader = known.get(read) ?? new Map();
      known.set(read, ofReader);
      const expected = ofReader.get(lab) ?? exercise.expected(read, lab);
      ofReader.set(lab, expected);
      return expected;
    },
  };
};

/**
 * The answer is right, and every typical mistake that can be simulated is named as that one; with `alone` as that one
 * and as no other, so that a learner reads no reason that is not theirs.
 */
export const tellsAll = async (exercise: Exercise, read: Reader, lab: Lab, alone: boolean): Promise<void> => {
  const right = await solve(exercise, exercise.answer, read, lab);
  assert.equal(right.kind, 'right', JSON.stringify(right));
  const problems: string[] = [];
  for (const mistake of exercise.mistakes.filter(({ onlyLive }) => onlyLive === undefined)) {
    const wrong = await solve(exercise, mistake.query, read, lab);
    const named = wrong.kind === 'wrong' ? wrong.mistakes : [];
    assert.ok(named.includes(mistake), `${mistake.query}: ${JSON.stringify(wrong)}`);
    const others = named.filter((each) => each !== mistake && each.onlyLive === undefined);
    if (alone) problems.push(...others.map(({ query }) => `${mistake.query} has the values of ${query} everywhere`));
  }
  assert.deepEqual(problems, []);
};

/** What an exercise lists as right is right, and what it lists as wrong, and what always is, is wrong. */
export const tellsOthers = async (exercise: Exercise, read: Reader, lab: Lab): Promise<void> => {
  const solved: [query: string, kind: Solution['kind']][] = [
    ...(exercise.alsoRight ?? []).map((query) => [query, 'right'] as const),
    ...(exercise.alsoWrong ?? []).map((query) => [query, 'wrong'] as const),
    // What is no query is no route either.
    ...neverRight.map((query) => [query, exercise.counts ? 'refused' : 'wrong'] as const),
    [`${exercise.answer} +`, 'refused'],
  ].map(([query, kind]) => [query!, kind as Solution['kind']]);
  const problems: string[] = [];
  for (const [query, kind] of solved) {
    const solution = await solve(exercise, query, read, lab);
    if (solution.kind !== kind) problems.push(`${query} is not ${kind}: ${JSON.stringify(solution)}`);
  }
  assert.equal(problems.join('\n'), '');
};

/** Nobody's answer, whatever is asked. */
const neverRight = [
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
