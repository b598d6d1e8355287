import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { experiments } from '../../experiments/catalogue.ts';
import type { Exercise, Solution } from '../../experiments/types.ts';
import { proveTurn } from '../../guide/test/turn.browser.ts';
import { solve } from '../../lab/solve.ts';
import { make, tryMake } from '../support/commands.ts';
import { pause } from '../support/until.ts';
import { isSmoke, lab } from './stack.ts';

/** Every answer and every typical mistake of every exercise, judged on the real lab. */
// What another session left may hold the series of other instances, which would be in the answers, too.
before(() => make('clean'));
after(() => make('down'));

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
    const told = wrong.kind === 'wrong' ? wrong.mistakes : [];
    assert.ok(told.includes(mistake), `${mistake.query}: ${JSON.stringify(wrong, null, 1)}`);
  }
};

const up = async () => {
  await make('up');
  await lab.scraped();
};

/** What the lab has to have gone through, for the exercises that the base lab alone cannot show. */
const history: Record<number, () => Promise<void>> = {
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

// A judgement reads Prometheus and the exporter, the same programs in both runtimes: a smoke run leaves it out.
for (const { number, command, exercises = [], happensOnce } of experiments) {
  if (exercises.length === 0) continue;
  const inForce = async () => void (await make(command));
  // As a learner does: into the experiment only where the judge sends there.
  const whereJudged = async () => {
    await up();
    const [first] = exercises;
    const { kind } = await solve(first!, first!.answer, lab.read, await lab.state());
    if (kind === 'elsewhere') await inForce();
  };
  test(`exercises of experiment ${number}: every answer is right, every mistake is told`, {
    skip: isSmoke,
  }, async (t) => {
    await (history[number] ?? (happensOnce ? inForce : whereJudged))();
    for (const [index, exercise] of exercises.entries()) {
      await t.test(`${number}.${index + 1} ${exercise.task}`, () => tellsAll(exercise));
    }
  });
}

test('on the terminal only what is right ends with 0, and it is kept until make clean', async () => {
  await up();
  const solve = (QUERY: string) => tryMake('solve-4', { QUERY });
  const wrong = await solve('sum(cpu_usage)');
  assert.notEqual(wrong.code, 0);
  assert.match(wrong.output, /two cores at 60 % are not 120 %/);
  const refused = await solve('avg(cpu_usage{core=~"core1$"}');
  assert.notEqual(refused.code, 0);
  assert.match(refused.output, /core1\$"}\n +\^/);
  const right = await solve("avg(cpu_usage{core=~'core.$'}) # both");
  assert.equal(right.code, 0, right.output);

  const solved = /✓ 4\.1 .*avg\(cpu_usage\{core=~'core\.\$'\}\) # both/;
  assert.match(await make('progress'), solved);
  await make('down');
  await up();
  assert.match(await make('progress'), solved);
  await make('clean');
  await up();
  assert.match(await make('progress'), / 0 of \d+ solved/);
});

test('an exercise is solved on the page, with the keyboard alone', async () => {
  await up();
  await proveTurn(lab.places.guide);
});
