import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { activeStep } from '../../experiments/catalogue.ts';
import type { Answer } from '../../guide/src/ask/answer.ts';
import type { DrawnPicture } from '../../guide/src/picture.ts';
import type { Experiment } from '../../lab/model/lesson.ts';
import { secondsBefore, typed } from '../../lab/model/manual-steps.ts';
import { fetchDirect } from '../../lab/running/fetch.ts';
import { make, tryMake } from '../support/commands.ts';
import { until } from '../support/until.ts';
import { areAboutItsState, testExercises } from './exercises.ts';
import { asking, changing, emptyQueries, isSmoke, lab, lacking, nameOf, scrapeSeconds } from './stack.ts';

/**
 * Every experiment, as the catalogue lists them: its command, its verdict, its panels, its exercises, its undo.
 * Each is brought into its state once.
 */

before(async () => {
  // What a run before this one has left would be older than the hour of history that a new lab begins with.
  await make('clean');
  await make('up');
  await lab.scraped();
});

const explains = async (experiment: Experiment) => {
  const output = await make(experiment.command);
  assert.ok(output.includes(experiment.question) && output.includes(experiment.expect), output);
};

const proves = async ({ number }: Experiment) => {
  const output = await make(`check-${number}`, { TELL: '1' });
  assert.match(output, /✓/);
  assert.doesNotMatch(output, /✗/);
  console.log(output);
};

/** What the guide says when it is asked for a source of the step. */
const answeredBy = async (of: string, expr: string) => {
  const url = `${lab.places.guide}/api/ask?${new URLSearchParams({ query: expr, of, as: 'table' })}`;
  const answer = (await (await fetchDirect(url, 15_000)).json()) as Answer;
  assert.ok(answer.kind === 'answered' && answer.total > 0, `${expr}, asked of ${of}: ${JSON.stringify(answer)}`);
  console.log(`${expr}, asked of ${of}: ${answer.series.map(({ samples }) => samples[0]?.[1]).join(', ')}`);
};

const hasData = async ({ panels }: Experiment) => {
  for (const panel of panels) {
    const ofPrometheus = panel.targets.filter(({ of }) => of === undefined);
    assert.deepEqual(await emptyQueries({ ...panel, targets: ofPrometheus }), [], panel.title);
    for (const { of, expr } of panel.targets) if (of !== undefined) await answeredBy(of, expr);
  }
};

const hasNoValueOnPurpose = async ({ queries }: Experiment) => {
  for (const { expr, noValue } of queries)
    if (noValue === 'on purpose') assert.deepEqual(await lab.read.query(expr, lab.now()), [], expr);
};

/** What a learner asks of the sources of the step, each with its own answer. */
const isAnswered = async ({ queries }: Experiment) => {
  for (const { expr, of } of queries) if (of !== undefined) await answeredBy(of, expr);
};

const hasPicture = async ({ command }: Experiment) => {
  const url = `${lab.places.guide}/api/picture?step=${command}&seconds=300`;
  const picture = (await (await fetchDirect(url, 10_000)).json()) as DrawnPicture;
  assert.ok(
    picture.layers.some(({ samples = [] }) => samples.length > 0),
    'nothing is drawn',
  );
  assert.ok(picture.numbers.length > 0, 'no number stands over it');
  for (const { name, buckets } of picture.distribution?.columns ?? [])
    assert.ok(buckets.length > 0, `${name} is empty`);
};

test('a check in another state of the lab says what to type, with exit 2', async () => {
  const { number, command } = changing.find(({ hasAftermath }) => !hasAftermath)!;
  const { code, output } = await tryMake(`check-${number}`);
  assert.equal(code, 2, output);
  assert.match(output, new RegExp(`Type: make ${command}\\b`));
});

for (const experiment of asking) {
  test(`${nameOf(experiment)}: make ${experiment.command} changes nothing and explains it`, async () => {
    await explains(experiment);
    assert.equal(activeStep(await lab.state()).command, 'up');
  });
}

// They all ask the same base lab, and wait for it at the same time. A smoke run takes one, to prove the command.
describe('the base lab proves the experiments that change nothing', { concurrency: true }, () => {
  for (const experiment of isSmoke ? asking.slice(0, 1) : asking) {
    test(`${nameOf(experiment)}: make check-${experiment.number} proves it`, () => proves(experiment));
    test(`${nameOf(experiment)}: every panel of its dashboard has data`, () => hasData(experiment));
    test(`${nameOf(experiment)}: its picture in the guide has data`, () => hasPicture(experiment));
    testExercises(experiment);
  }
});

for (const experiment of lacking) {
  test(`${nameOf(experiment)} is named as not run here, and nothing is touched`, async () => {
    const before = await lab.state();
    const { code, output } = await tryMake(experiment.command);
    assert.equal(code, 2, output);
    assert.ok(
      output.includes(`lab: ${experiment.command} does not run here: it needs ${experiment.requires}, and`),
      output,
    );
    assert.equal((await lab.state()).exporter?.startedAt, before.exporter?.startedAt);
  });
}

for (const experiment of changing) {
  const { number, command } = experiment;
  const name = nameOf(experiment);

  test(`${name}: make ${command} brings the lab into its state and explains it`, async () => {
    await explains(experiment);
    await until(`${command} to be active`, 40, async () => activeStep(await lab.state()).command === command);
  });

  // Both wait for what the state brings, so they do it at the same time.
  describe(`${name} in its state`, { concurrency: true }, () => {
    test(`${name}: make check-${number} proves it`, { skip: isSmoke }, () => proves(experiment));
    if (areAboutItsState(experiment) && experiment.manualSteps === undefined) testExercises(experiment);
  });
  test(`${name}: every panel of its dashboard has data`, { skip: isSmoke }, () => hasData(experiment));
  test(`${name}: its picture in the guide has data`, { skip: isSmoke }, () => hasPicture(experiment));
  test(`${name}: what has no value on purpose has none`, { skip: isSmoke }, () => hasNoValueOnPurpose(experiment));

  if (experiment.sources !== undefined)
    test(`${name}: whoever is asked answers in the guide`, { skip: isSmoke }, () => isAnswered(experiment));

  for (const phase of experiment.manualSteps ?? []) {
    test(`${name}: ${phase.map(typed).join(', ')}; then make check-${number} proves it`, {
      skip: isSmoke,
    }, async () => {
      for (const step of phase) {
        await sleep(1_000 * secondsBefore(step, { scrapeSeconds }));
        await make(step.do, { SERVICE: step.service });
      }
      await proves(experiment);
    });
  }
  // They ask for what was done.
  if (areAboutItsState(experiment) && experiment.manualSteps !== undefined) testExercises(experiment);

  test(`${name}: make up returns to the base, and only the change is gone`, async () => {
    await make('up');
    await lab.scraped();
    const state = await lab.state();
    assert.equal(activeStep(state).command, 'up');
    assert.deepEqual(
      [state.exporter?.signal, state.scrapeSeconds, state.target?.health],
      ['random', scrapeSeconds, 'up'],
    );
  });

  if (experiment.hasAftermath)
    test(`${name}: make check-${number} proves its end`, { skip: isSmoke }, () => proves(experiment));
  if (!areAboutItsState(experiment)) testExercises(experiment);
}
