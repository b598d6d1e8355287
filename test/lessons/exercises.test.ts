import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Exercise } from '../../lab/model/exercise.ts';
import { solve } from '../../lab/running/solve.ts';
import { storedHour } from '../../lab/simulator/stored-hour.ts';
import { missing, prometheusWith } from './bounded-prometheus.ts';
import { exercisesOf, slowestOf, tellsAll, tellsOthers } from './exercises.ts';

/**
 * Every exercise of the catalogue, on a real Prometheus that holds an hour of the base lab. One that needs the state of
 * its experiment sends elsewhere there; fleet-exercises.test.ts and worlds.test.ts have those.
 */
const end = 1_700_100_000;

const exercises = exercisesOf();

/** What can be judged at 5 s, the lab's own interval, can be at each up to its slowest. */
const judgedAtFive = new Set<Exercise>();

for (const scrapeSeconds of [5, 1, 15, 30, 60]) {
  test(`scraped every ${scrapeSeconds} s, every answer is right and every mistake is named`, {
    skip: missing,
  }, async (t) => {
    const { lab, series } = storedHour(end, scrapeSeconds);
    const { read } = await prometheusWith(t, series);
    for (const { experiment, number, exercise } of exercises) {
      await t.test(`${experiment}.${number}`, async () => {
        const { kind } = await solve(exercise, exercise.answer, read, lab);
        if (scrapeSeconds === 5 && kind !== 'elsewhere') judgedAtFive.add(exercise);
        const isJudged = judgedAtFive.has(exercise) && scrapeSeconds <= slowestOf(exercise);
        assert.equal(kind, isJudged ? 'right' : 'elsewhere');
        if (isJudged) await tellsAll(exercise, read, lab, scrapeSeconds === 5);
      });
    }
  });
}

test('other ways are as right, and what is near, constants, clocks and texts never are', {
  skip: missing,
}, async (t) => {
  const { lab, series } = storedHour(end, 5);
  const { read } = await prometheusWith(t, series);
  for (const { experiment, number, exercise } of exercises.filter((each) => judgedAtFive.has(each.exercise))) {
    await t.test(`${experiment}.${number}`, () => tellsOthers(exercise, read, lab));
  }
});
