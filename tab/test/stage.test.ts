import assert from 'node:assert/strict';
import { test } from 'node:test';
import { experiments } from '../../experiments/catalogue.ts';
import { type Knobs, usualKnobs } from '../page/knobs.ts';
import { Stage } from '../page/stage.ts';
import { Stages } from '../page/stages.ts';

const begun = 1_800_000_000;
const noEngine = { lacks: 'no engine is needed here' };
const lesson = (number: number) => experiments.find((each) => each.number === number)!;

const after = async (seconds: number, number: number, knobs: Partial<Knobs> = {}, since?: number): Promise<Stage> => {
  const excerpt = since === undefined ? undefined : { since, rules: [], evaluatedFrom: since };
  const stage = new Stage(noEngine, lesson(number), { ...usualKnobs, ...knobs }, begun, excerpt);
  await stage.advance(begun + seconds);
  return stage;
};
const scrapesOf = async (stage: Stage, selector: string, seconds: number) => {
  const series = await stage.read().samples(selector, seconds, stage.now);
  return series.map(({ labels, samples }) => [labels.instance, samples] as const);
};

test('what is scraped from an instant on is what is scraped then from the beginning on', async () => {
  for (const number of [5, 9, 24]) {
    const whole = await after(900, number);
    const part = await after(900, number, {}, begun + 600);
    for (const selector of ['up', 'cpu_usage_simulated', 'requests_total']) {
      const found = await scrapesOf(part, selector, 290);
      assert.ok(found.length > 0 && found[0]![1].length > 5, `${number} ${selector}`);
      assert.deepEqual(found, await scrapesOf(whole, selector, 290), `${number} ${selector}`);
    }
  }
});

test('a knob that is turned meets the same truth', async () => {
  const truthOf = async (knobs: Partial<Knobs>) => {
    const stage = await after(100, 5, knobs);
    return stage.read().truth(begun + 40, begun + 90);
  };
  const usual = await truthOf({});
  assert.deepEqual(await truthOf({ scrapeSeconds: 1, phase: 0.9, evaluationSeconds: 15 }), usual);
  assert.notDeepEqual((await truthOf({ signal: 'random' })).cpuPercent, usual.cpuPercent);
});

test('the scrape interval is the lesson’s unless it is turned', async () => {
  assert.equal((await after(10, 5)).lab().scrapeSeconds, 30);
  assert.equal((await after(10, 5, { scrapeSeconds: 1 })).lab().scrapeSeconds, 1);
  assert.equal((await after(10, 9)).lab().scrapeSeconds, 5);
});

test('a target that is slower than the timeout fails its scrapes', async () => {
  const failed = async (timeoutSeconds: number | undefined) => {
    const up = await scrapesOf(await after(300, 24, { scrapeSeconds: 5, timeoutSeconds }), 'up{job="my_app"}', 280);
    return up.flatMap(([, samples]) => samples).filter(([, value]) => value === 0).length;
  };
  const [strict, patient] = [await failed(1), await failed(5)];
  assert.ok(strict > patient, `${strict} scrapes failed after 1 s, ${patient} after 5 s`);
});

test('an earlier instant knows nothing that was stored later', async () => {
  const stage = await after(120, 9);
  const all = await scrapesOf(stage, 'up', 1_000);
  stage.now = begun + 60;
  const then = await scrapesOf(stage, 'up', 1_000);
  assert.ok(then.flatMap(([, samples]) => samples).every(([at]) => at <= stage.now));
  assert.ok(then[0]![1].length < all[0]![1].length);
  await stage.advance(begun + 120);
  assert.deepEqual(await scrapesOf(stage, 'up', 1_000), all);
});

test('a knob that is turned scrapes what the picture shows, and the whole once it is asked for', async () => {
  const stages = new Stages(() => noEngine, lesson(5), usualKnobs, begun);
  await stages.open(lesson(5), usualKnobs, begun, begun + 900);
  const knobs = { ...usualKnobs, scrapeSeconds: 10 };
  await stages.turn(knobs);
  const shown = await scrapesOf(stages.stage, 'cpu_usage_simulated', 120);
  assert.equal(shown[0]![1].length, 12);
  assert.ok((await scrapesOf(stages.stage, 'cpu_usage_simulated', 880))[0]![1].length < 60);
  await stages.complete();
  const whole = await after(900, 5, knobs);
  assert.deepEqual(await scrapesOf(stages.stage, 'cpu_usage_simulated', 120), shown);
  assert.deepEqual(
    await scrapesOf(stages.stage, 'cpu_usage_simulated', 880),
    await scrapesOf(whole, 'cpu_usage_simulated', 880),
  );
  const before = stages.stage;
  await stages.turn({ ...knobs, windowSeconds: 30 });
  assert.equal(stages.stage, before, 'another window of the queries simulates nothing again');
});
