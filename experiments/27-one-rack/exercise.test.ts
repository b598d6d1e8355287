import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Solution } from '../../lab/model/exercise.ts';
import { solve } from '../../lab/running/solve.ts';
import { simulate } from '../../lab/simulator/lab.ts';
import { storedHour } from '../../lab/simulator/stored-hour.ts';
import { asReported, changed, courseAround } from '../../test/lessons/simulated.ts';
import { exercises } from './exercise.ts';
import { lesson } from './lesson.ts';

const [exercise] = exercises as [(typeof exercises)[number]];
const { plan } = lesson;
if ('needs' in plan) throw new Error('it is simulated');

/** A minute and a half after the change. */
const labAt = async (scrapeSeconds: number, phase: number) => {
  const parts = { scrapeSeconds, phaseSeconds: phase * scrapeSeconds, evaluationPhase: phase };
  const lab = simulate(courseAround(plan, parts));
  await lab.advance(changed + 90);
  return asReported(plan)({ read: lab.readAt(changed + 90), lab: lab.labAt(changed + 90) });
};

for (const scrapeSeconds of [1, 2, 5]) {
  for (const phase of [0.1, 0.62]) {
    test(`scraped every ${scrapeSeconds} s at phase ${phase}: right is right, and every mistake is named`, async () => {
      const { read, lab } = await labAt(scrapeSeconds, phase);
      const kinds = async (texts: readonly string[]): Promise<string[]> => {
        const solved = await Promise.all(texts.map((text) => solve(exercise, text, read, lab)));
        return solved.map(({ kind }, index) => `${kind}${kind === 'right' ? '' : `: ${texts[index]}`}`);
      };
      const right = [exercise.answer, ...exercise.alsoRight!];
      assert.deepEqual(
        await kinds(right),
        right.map(() => 'right'),
      );
      const wrong = [exercise.start, ...exercise.alsoWrong!];
      assert.deepEqual(
        await kinds(wrong),
        wrong.map((text) => `wrong: ${text}`),
      );
      for (const mistake of exercise.mistakes) {
        const solution = await solve(exercise, mistake.query, read, lab);
        assert.ok(solution.kind === 'wrong' && solution.mistakes.includes(mistake), mistake.query);
      }
    });
  }
}

test('what is said counts the notifications', async () => {
  const { read, lab } = await labAt(5, 0.62);
  const solution = (await solve(exercise, exercise.start, read, lab)) as Solution & { kind: 'wrong' };
  assert.equal(solution.reason, 'rack a fails: 13, and 1 is right');
  assert.deepEqual(
    solution.compared.map(({ where, given, isRight }) => [where, given, isRight]),
    [
      ['rack a fails', '13', false],
      ['rack a is up again', '13', false],
      ['hosts of rack a', '12', false],
      ['host c1, until then', '1', true],
    ],
  );
});

test('the base lab sends to the step, whatever is written, and what cannot be read is refused there as well', async () => {
  const { lab } = storedHour(1_700_100_000, 5);
  const solved = await solve(exercise, exercise.answer, {} as never, lab);
  assert.deepEqual([solved.kind, 'type' in solved && solved.type], ['elsewhere', 'make exp-27']);
  const refused = await solve(exercise, 'route: { group_bye: [rack] }', {} as never, lab);
  assert.deepEqual(refused, {
    kind: 'refused',
    by: 'Alertmanager',
    message: 'field group_bye not found in type config.plain: here it may hold group_by, group_wait, group_interval',
  });
});
