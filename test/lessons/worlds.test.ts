import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isRight } from '../../lab/judging/answer.ts';
import { askedIn, expectedIn, timeIn } from '../../lab/judging/world.ts';
import type { Exercise, World } from '../../lab/model/exercise.ts';
import type { Reader } from '../../lab/model/reader.ts';
import { missing, prometheusWith } from './bounded-prometheus.ts';
import { exercisesOf } from './exercises.ts';

/** The worlds of every exercise, on a real Prometheus that holds nothing: they need no stored samples. */

const exercises = exercisesOf();

/** Whether a query is right in a world; undefined where it cannot be asked there. */
const rightIn = async (world: World, exercise: Exercise, query: string, read: Reader): Promise<boolean | undefined> => {
  const asked = askedIn(world, query);
  if (asked === undefined) return undefined;
  const right = await Promise.all(
    world.at.map(async (second) => {
      const answer = await read.ask(askedIn(world, exercise.answer)!, timeIn(second));
      const expected = expectedIn(world, second, answer);
      assert.ok(expected, `${exercise.answer} gives nothing ${world.where} at ${second}: ${JSON.stringify(answer)}`);
      return isRight(expected, await read.ask(asked, timeIn(second)), exercise.mayBeRounded);
    }),
  );
  return right.every(Boolean);
};

test('in each world the answer and other right ways are right', { skip: missing }, async (t) => {
  const { read } = await prometheusWith(t, []);
  for (const { experiment, number, exercise } of exercises) {
    for (const world of exercise.worlds ?? []) {
      await t.test(`${experiment}.${number} ${world.where}`, async () => {
        assert.equal(await rightIn(world, exercise, exercise.answer, read), true, exercise.answer);
        for (const query of exercise.alsoRight ?? []) {
          assert.notEqual(await rightIn(world, exercise, query, read), false, `${query} in ${askedIn(world, query)}`);
        }
      });
    }
  }
});

test('what only the running lab can judge is distinguished in a world, so far as it can be asked there', {
  skip: missing,
}, async (t) => {
  const { read } = await prometheusWith(t, []);
  for (const { experiment, number, exercise } of exercises) {
    const { worlds = [], alsoWrong = [], mistakes, onlyLive } = exercise;
    if (onlyLive === undefined || worlds.length === 0) continue;
    await t.test(`${experiment}.${number}`, async () => {
      const passed: string[] = [];
      for (const query of [...alsoWrong, ...mistakes.map((each) => each.query)]) {
        const right = await Promise.all(worlds.map((world) => rightIn(world, exercise, query, read)));
        if (right.includes(true) && !right.includes(false)) passed.push(query);
      }
      assert.deepEqual(passed, []);
    });
  }
});
