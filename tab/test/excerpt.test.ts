import assert from 'node:assert/strict';
import { test } from 'node:test';
import { experiments, plainSteps } from '../../experiments/catalogue.ts';
import { type DrawnPicture, drawPicture } from '../../guide/src/picture.ts';
import { spikesPicture } from '../../lab/base/spikes.ts';
import { covers, excerptOf } from '../page/excerpt.ts';
import { type Knobs, usualKnobs } from '../page/knobs.ts';
import { lackOf, type Stage } from '../page/stage.ts';
import { Stages } from '../page/stages.ts';
import { engine, noEngine } from './engine.ts';

const [begun, now] = [1_800_000_000, 1_800_001_800];
const turned: Partial<Knobs>[] = [{ scrapeSeconds: 10 }, { evaluationSeconds: 15, forSeconds: 30 }];

const drawn = async (stage: Stage): Promise<DrawnPicture> => {
  const read = stage.readForPicture();
  const sources = { read, lab: stage.lab(), notifications: (await read.notifications()) ?? [] };
  const picture = stage.step.picture ?? spikesPicture;
  return drawPicture(picture, sources, stage.now, picture.seconds ?? 120);
};

for (const step of [...plainSteps, ...experiments].filter((each) => lackOf(each) === undefined))
  test(`${step.command}: the picture of what is simulated for it is that of all`, { skip: noEngine }, async () => {
    const stages = new Stages(await engine(), step, usualKnobs, begun);
    stages.shownSeconds = step.picture?.seconds ?? 120;
    for (const knobs of turned) {
      await stages.open(step, { ...usualKnobs, ...knobs }, begun, now);
      assert.ok(!stages.isComplete());
      assert.ok(!stages.needsMore(step, stages.shownSeconds));
      const excerpt = await drawn(stages.stage);
      await stages.complete();
      assert.deepEqual(excerpt, await drawn(stages.stage), JSON.stringify(knobs));
    }
  });

const rules = [
  { record: 'busy:rate1m', expr: 'rate(busy_total[1m])' },
  { alert: 'Busy', expr: 'busy:rate1m > 1', forSeconds: 120 },
  { alert: 'Kept', expr: 'busy_total > 1', keepFiringForSeconds: 30 },
] as const;
const asked = (query: string, notifiedBy: string[] = []) => {
  const { evaluationSeconds, forSeconds } = usualKnobs;
  const excerpt = excerptOf(rules, { queries: [query], notifiedBy }, 10_000, { evaluationSeconds, forSeconds });
  const names = excerpt.rules.map((rule) => ('record' in rule ? rule.record : rule.alert));
  return [names.join(' '), excerpt.evaluatedFrom, excerpt.since];
};

test('a rule is evaluated where it is asked for, early enough to have come to the same', () => {
  // The longest that a sample is shown, and the windows of the query.
  assert.deepEqual(asked('rate(x[1m30s] offset 10s)'), ['', 10_000, 10_000 - 400]);
  assert.deepEqual(asked('busy:rate1m'), ['busy:rate1m', 9_685, 9_685 - 360]);
  const alert = 10_000 - 300 - 120 - 15;
  assert.deepEqual(asked('ALERTS{alertname="Busy"}'), ['busy:rate1m Busy', alert - 315, alert - 315 - 360]);
});

test('what may hang on all that was before is evaluated from the beginning on', () => {
  assert.deepEqual(asked('ALERTS{alertname="Kept"}'), ['Kept', -Infinity, -Infinity]);
  assert.deepEqual(asked('ALERTS')[0], 'busy:rate1m Busy Kept');
  assert.deepEqual(asked('ALERTS{alertname="Kept"} or ALERTS{alertname=~".+"}')[0], 'busy:rate1m Busy Kept');
  assert.deepEqual(asked('ALERTS_FOR_STATE{alertname="Busy"}'), ['busy:rate1m Busy', -Infinity, -Infinity]);
  assert.deepEqual(asked('x', ['Busy']), ['busy:rate1m Busy', -Infinity, -Infinity]);
});

test('what is simulated covers what asks for less', () => {
  const excerpt = { since: 100, rules: [rules[0]], evaluatedFrom: 400 };
  assert.ok(covers(excerpt, { since: 200, rules: [], evaluatedFrom: 300 }));
  assert.ok(!covers(excerpt, { since: 99, rules: [], evaluatedFrom: 500 }));
  assert.ok(!covers(excerpt, { since: 200, rules: [rules[0]], evaluatedFrom: 399 }));
  assert.ok(!covers(excerpt, { since: 200, rules: [rules[1]], evaluatedFrom: 500 }));
});
