import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { experiments } from '../../experiments/catalogue.ts';
import type { Exercise, Solution } from '../../experiments/types.ts';
import { createReader, observe } from '../../lab/api.ts';
import { placesFrom } from '../../lab/places.ts';
import { solve } from '../../lab/solve.ts';
import { make } from '../support/commands.ts';
import { pause, until } from '../support/until.ts';

/** Every answer and every typical mistake of every exercise, judged on the real lab. */
const port = (name: string, fallback: number) => process.env[`${name}_PORT`] ?? String(fallback);
const places = placesFrom({
  EXPORTER_ADDRESS: `127.0.0.1:${port('EXPORTER', 8000)}`,
  PROMETHEUS_ADDRESS: `127.0.0.1:${port('PROMETHEUS', 9090)}`,
});
const read = createReader(places);

after(() => make('down'));

/** Waits as long as the judge says, within reason. */
const judged = async (exercise: Exercise, query: string): Promise<Solution> => {
  for (let waited = 0; ; ) {
    const solution = await solve(exercise, query, read, await observe(places));
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
    const told = wrong.kind === 'wrong' ? wrong.mistakes : [];
    assert.ok(told.includes(mistake), `${mistake.query}: ${JSON.stringify(wrong, null, 1)}`);
  }
};

const up = async () => {
  await make('up');
  await until('a good scrape', 40, async () => (await observe(places)).target?.health === 'up');
};

/** What the lab has to have gone through, for the exercises that the base lab alone cannot show. */
const before: Record<number, () => Promise<void>> = {
  1: async () => {
    await up();
    await make('exp-1');
    await pause(16);
    await up();
    await pause(6);
  },
  6: async () => {
    await make('exp-6');
    await pause(20);
  },
};

for (const { number, exercises = [] } of experiments) {
  test(`exercises of experiment ${number}: every answer is right, every mistake is told`, async (t) => {
    await (before[number] ?? up)();
    for (const [index, exercise] of exercises.entries()) {
      await t.test(`${number}.${index + 1} ${exercise.task}`, () => tellsAll(exercise));
    }
  });
}
