import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { experiments } from '../../experiments/catalogue.ts';
import { start } from '../src/start.ts';
import { type Answers, answerTo, storedAnswers } from './answers.ts';
import { type Recorded, record, recorded, recordRunning, startPanels } from './record.ts';
import { seriesMisfits } from './series.ts';

/**
 * How many series a picture shows, and under which names: from what a real Prometheus answered in the state that the
 * picture is for. UPDATE=1 plays these states in the simulated lab and records the answers, LESSON=21 those of one lesson;
 * UPDATE=lab records those of the lab that runs, where the simulated one has not what they need.
 */
const { UPDATE, LESSON } = process.env;
const ofLesson = experiments.find(({ number }) => String(number) === LESSON)?.dashboard;
const pages = recorded.filter(({ dashboard }) => LESSON === undefined || dashboard === ofLesson);
const howToRecord = ({ dashboard, command, plan }: Recorded): string => {
  const number = experiments.find((experiment) => experiment.dashboard === dashboard)?.number;
  const how =
    plan === undefined
      ? `make ${command}, then UPDATE=lab`
      : number === undefined
        ? 'UPDATE=1'
        : `UPDATE=1 LESSON=${number}`;
  return `${how} node --import tsx --test grafana/test/series.test.ts`;
};

before(async () => {
  if (UPDATE === '1') await record(pages);
  if (UPDATE === 'lab') await recordRunning(process.env);
});

for (const page of pages) {
  const { dashboard, panels } = page;
  const of = (part: keyof Answers, some: typeof panels): string[] => {
    const answers = storedAnswers(dashboard)?.[part] ?? {};
    return some.flatMap((panel) =>
      seriesMisfits(panel, answerTo(panel, answers, howToRecord(page)), part === 'start' && page.plan?.stops),
    );
  };

  test(`${dashboard}: in its state every series is seen and named`, () => {
    assert.deepEqual(of('own', panels), []);
  });
  if (dashboard !== start.dashboard)
    test(`${dashboard}: so it is on the start page in the same state`, () => {
      assert.deepEqual(of('start', startPanels), []);
    });
  test(`${dashboard}: before that its timelines have something to say`, () => {
    assert.deepEqual(
      of(
        'before',
        panels.filter(({ kind }) => kind === 'timeline'),
      ),
      [],
    );
  });
}
