import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { isSound } from '../../guide/test/sound.ts';
import type { Answer } from '../../lab/incidents/answer.ts';
import { debriefOf } from '../../lab/incidents/debrief.ts';
import { aroundOf, evidenceOf, runningIn } from '../../lab/incidents/reading.ts';
import { solve } from '../../test/incidents/solver.ts';
import { launchChromium, noChromium, openPage } from '../../test/support/chromium.ts';
import { shiftsIn, watched } from '../../test/support/first-look.ts';
import { stepOfIncident } from '../page/incident.ts';
import { usualKnobs } from '../page/knobs.ts';
import { Stage } from '../page/stage.ts';
import { noEngine } from './engine.ts';
import { type Serving, siteServed } from './site.ts';

/** An incident in the tab, in a real Chromium: found, answered and explained. */
const missing = noEngine || noChromium;

const incident = { seed: 3, level: 1, scrapeSeconds: 5 } as const;

/** The same incident on this machine, without page and engine. */
const onHost = async (from: number, at: number) => {
  const stage = new Stage({ lacks: 'none is needed' }, stepOfIncident(incident), usualKnobs, from);
  await stage.advance(at);
  const [read, lab] = [stage.read(), stage.lab()];
  const running = runningIn(lab)!;
  const [answer] = await solve(read, lab, running.startedAt, incident.level);
  const [evidence, around] = [await evidenceOf(read, lab, running), await aroundOf(read, lab, running)];
  const notifications = await read.notifications();
  const [debrief] = debriefOf({ evidence, around, startedAt: running.startedAt, notifications, now: lab.now });
  return { answer: answer as Required<Answer>, debrief: debrief! };
};

const bar = (page: Page) => page.locator('.incident-bar');
const control = (page: Page, name: string) => page.locator('#controls').getByRole('button', { name, exact: true });
const answer = async (page: Page, typed: Partial<Answer>) => {
  const form = page.locator('#turn .incident');
  const { INSTANCE = '', CAUSE = '', SINCE, UNTIL, LOST } = typed;
  await form.locator('[name="INSTANCE"]').selectOption(INSTANCE);
  await form.locator('[name="CAUSE"]').selectOption(CAUSE);
  for (const [name, value] of Object.entries({ SINCE, UNTIL }))
    await form.locator(`[name="${name}"]`).fill(value === undefined ? '' : value.toFixed(3));
  await form.locator('[name="LOST"]').fill(LOST === undefined ? '' : String(LOST));
  await form.locator('button[type="submit"]').click();
};
const factsIn = (page: Page) => page.locator('#turn .debrief .facts li').allTextContents();

test('an incident in a tab', { skip: missing, timeout: 300_000 }, async (t) => {
  const serving: Serving = { isDown: false, isNewer: false };
  const url = await siteServed(t, serving);
  const browser = await launchChromium();
  t.after(() => browser.close());
  const { page, complaints } = await openPage(browser, url, { last: /promql-/ });
  await page.locator('#chart[data-samples] canvas').waitFor({ timeout: 60_000 });
  await control(page, 'Pause').click();

  await t.test('it is begun by its seed, and a seed that is none is refused', async () => {
    assert.equal(await bar(page).isVisible(), false, 'before it is opened');
    await page.locator('nav button[data-command="incident"]').click();
    await page.locator('#active[data-command="incident"]').waitFor();
    await bar(page).locator('[name="incident"]').fill('-3');
    await bar(page).getByRole('button', { name: 'Begin it' }).click();
    await page.locator('#controls .wrong', { hasText: 'seed must be a whole number from 0 to 2147483647' }).waitFor();
    await bar(page).locator('[name="incident"]').fill(String(incident.seed));
    await bar(page).getByRole('button', { name: 'Begin it' }).click();
    await page.locator('#controls .wrong').waitFor({ state: 'hidden' });
    assert.match(page.url(), /lesson=incident&incident=3&level=1&from=\d+&at=\d+/);
  });

  await t.test(
    'what was found is judged part by part, and the debrief is that of the same seed on this machine',
    async () => {
      for (let minutes = 0; minutes < 5; minutes += 1) {
        const before = page.url();
        await control(page, '+1 min').click();
        await page.waitForURL((each) => each.href !== before);
      }
      const place = new URL(page.url()).searchParams;
      const [from, at] = [Number(place.get('from')), Number(place.get('at'))];
      const host = await onHost(from, at);
      await page.locator('#tab-turn').click();
      const result = page.locator('#turn .incident .result');
      await answer(page, { CAUSE: host.answer.CAUSE === 'death' ? 'stuck' : 'death' });
      await result.filter({ hasText: 'CAUSE: ' }).waitFor();
      assert.deepEqual(await factsIn(page), [], 'a wrong answer says nothing of it');
      await page.locator('#turn .incident').getByRole('button', { name: 'A hint' }).click();
      await answer(page, host.answer);
      await result.filter({ hasText: 'Solved in ' }).waitFor();
      assert.deepEqual(await factsIn(page), host.debrief.facts);
      assert.equal(await page.locator('#turn .debrief .said').first().textContent(), host.debrief.title);
      await page.locator('#turn .debrief .chart canvas').waitFor();
      await isSound(page, 'the debrief');
      await page.setViewportSize({ width: 1366, height: 768 });
    },
  );

  await t.test('a query shows it, and targets and alerts are those of the fleet', async () => {
    await page.locator('#turn .debrief .looks button').first().click();
    await page.locator('#graph canvas').waitFor();
    await page.locator('#tab-targets').click();
    await page.locator('#health-content', { hasText: 'exporter:8003' }).waitFor();
    await page.locator('#tab-rules').click();
    await page.locator('#health-content', { hasText: 'ErrorsFromZero' }).waitFor();
  });

  await t.test('another one is another form, and a link opens exactly one, in which nothing moves', async () => {
    await page.locator('#tab-turn').click();
    await bar(page).getByRole('button', { name: 'Another one' }).click();
    await page.locator('#turn .incident .result', { hasText: /^$/ }).waitFor({ state: 'attached' });
    const linked = await browser.newPage({ viewport: { width: 1366, height: 768 } });
    await watched(linked);
    await linked.goto(`${url}?lesson=incident&incident=7&level=3`);
    await linked.locator('#controls .wrong', { hasText: 'make incident LEVEL=3' }).waitFor();
    await linked.goto(`${url}?lesson=incident&incident=7&level=2`);
    await linked.locator('#active[data-command="incident"]').waitFor();
    await linked.locator('#controls .state', { hasText: 'Real: ' }).waitFor({ timeout: 60_000 });
    assert.equal(await bar(linked).locator('[name="incident"]').inputValue(), '7');
    assert.equal(await bar(linked).locator('[name="level"]').inputValue(), '2');
    const moved = await shiftsIn(linked);
    assert.ok(moved.reduce((sum, { score }) => sum + score, 0) <= 0.01, JSON.stringify(moved));
    await linked.close();
  });

  await t.test('the console stayed silent', () => assert.deepEqual(complaints, []));
});
