import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { axeFindings } from '../../guide/test/axe.ts';
import { fitsItsWidth, launchChromium, noChromium, openPage } from '../../test/support/chromium.ts';
import { shiftsIn, watched } from '../../test/support/first-look.ts';
import { until } from '../../test/support/until.ts';
import { noEngine } from './engine.ts';
import { type Serving, siteServed } from './site.ts';

/** The whole site in a real Chromium, as a plain file server hands it out. */
const missing = noEngine || noChromium;

const control = (page: Page, name: string) => page.locator('#controls').getByRole('button', { name, exact: true });

const choose = async (page: Page, command: string) => {
  const button = page.locator(`nav button[data-command="${command}"]`);
  const chapter = page.locator('details.chapter', { has: page.locator(`button[data-command="${command}"]`) });
  if ((await chapter.getAttribute('open')) === null) await chapter.locator('summary').click();
  await button.click();
};

/** Opens a lesson and lets a minute of it pass at once, again and again, until its verdict is measured. */
const measured = async (page: Page, command: string): Promise<string> => {
  await choose(page, command);
  await page.locator(`#active[data-command="${command}"]`).waitFor();
  const verdict = page.locator('#verdict[data-kind="measured"]');
  for (let minutes = 0; minutes < 8; minutes += 1) {
    await control(page, '+1 min').click();
    const isThere = await verdict.waitFor({ timeout: 5_000 }).then(
      () => true,
      () => false,
    );
    if (isThere && minutes > 1) break;
  }
  return (await verdict.textContent()) ?? '';
};

test('the lab in a tab', { skip: missing, timeout: 300_000 }, async (t) => {
  const serving: Serving = { isDown: false, isNewer: false };
  const url = await siteServed(t, serving);
  const browser = await launchChromium();
  t.after(() => browser.close());
  const { page, complaints } = await openPage(browser, url, { last: /promql-/ });
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.locator('#chart[data-samples] canvas').waitFor({ timeout: 60_000 });
  await page.locator('#verdict[data-kind="measured"]').waitFor({ timeout: 30_000 });
  await control(page, 'Pause').click();

  await t.test('a lesson that is opened begins, and its verdict is measured', async () => {
    assert.match(await measured(page, 'exp-5'), /(\d) of \1 claims hold/);
    assert.match(await measured(page, 'exp-9'), /(\d) of \1 claims hold/);
  });

  const ask = async (query: string) => {
    await page.locator('#editor').click();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.insertText(query);
    await page.locator('#run').click();
    await page.locator('#tab-table').click();
  };
  await t.test('a query is answered by Prometheus’ own engine, and refused in its words', async () => {
    await ask('count(up{job="my_app"})');
    await page.locator('#values', { hasText: '3' }).waitFor();
    await ask('sum(up');
    await page.locator('#answer', { hasText: 'unclosed left parenthesis' }).waitFor();
    await ask('count_over_time(up[1y:1ms])');
    await page.locator('#answer', { hasText: 'at most 100000 are evaluated in a browser tab' }).waitFor();
  });

  await t.test('an answer to an exercise is judged', async () => {
    await choose(page, 'exp-2');
    await page.locator('#active[data-command="exp-2"]').waitFor();
    await control(page, '+10 min').click();
    await page.locator('#tab-turn').click();
    await page.locator('#turn .exercise').first().getByRole('button', { name: 'The answer' }).click();
    const answer = await page.locator('#turn .exercise').first().locator('code').last().textContent();
    const field = page.locator('#turn .exercise').first().locator('.cm-content').first();
    await field.click();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.insertText(answer ?? '');
    await page.locator('#turn .exercise .try button').first().click();
    await page.locator('#progress', { hasText: /^1 of \d+ solved$/ }).waitFor({ timeout: 20_000 });
  });

  const knob = (name: string) => page.locator('#controls label', { hasText: name }).locator('select');
  const words = page.locator('#beside-words');

  await t.test('a knob that is turned scrapes the same truth again, beside another interval if asked', async () => {
    await page.locator('#tab-verdict').click();
    await choose(page, 'exp-5');
    await page.locator('#active[data-command="exp-5"]').waitFor();
    await control(page, '+1 min').click();
    await ask('count(cpu_usage)');
    await page.locator('#controls summary').click();
    await knob('scrape every').selectOption('1');
    await page.locator('#active', { hasText: 'scrape every 1 s' }).waitFor();
    await knob('beside').selectOption('30');
    await words.filter({ hasText: 'Above scraped every 1 s, below scraped every 30 s' }).waitFor();
    await page.locator('#beside-answers', { hasText: /count\(cpu_usage\).*22$/ }).waitFor();
    await knob('beside').selectOption('');
    await words.waitFor({ state: 'hidden' });
  });

  await t.test('an earlier instant shows what was known then beside what is known now', async () => {
    const time = page.locator('#controls .time input');
    await time.evaluate((slider: HTMLInputElement) => {
      slider.value = String(Number(slider.max) - 40);
      slider.dispatchEvent(new Event('input'));
    });
    await words.filter({ hasText: /^Above as known at .*, below as known now, at / }).waitFor();
    const [, then, now] = /at ([\d:]+), below .* at ([\d:]+)/.exec((await words.textContent()) ?? '')!;
    assert.ok(then! < now!, `${then} is before ${now}`);
    await page.locator('#clock', { hasText: then! }).waitFor();
    await control(page, 'To now').click();
    await words.waitFor({ state: 'hidden' });
  });

  await t.test('a link opens lesson, knobs and time; what is wrong in it is named, and the page goes on', async () => {
    const place = new URL(page.url()).searchParams;
    assert.equal(place.get('lesson'), 'exp-5');
    assert.equal(place.get('scrape'), '1');
    const link = `${url}?lesson=exp-5&scrape=30&phase=7&beside=1&from=1800000000&at=1800000100#query=up&as=table`;
    const linked = await browser.newPage({ viewport: { width: 1366, height: 768 } });
    await watched(linked);
    await linked.goto(link);
    await linked.locator('#controls [role=status]', { hasText: 'phase must be a part of the interval' }).waitFor();
    await linked
      .locator('#active', { hasText: 'Sampling loss is active · signal spikes · scrape every 30 s' })
      .waitFor();
    await linked.locator('#clock', { hasText: '08:01:40 UTC' }).waitFor();
    await linked.locator('#values', { hasText: 'exporter:8000' }).waitFor();
    const shifts = await shiftsIn(linked);
    assert.ok(shifts.reduce((sum, { score }) => sum + score, 0) <= 0.01, JSON.stringify(shifts));
    await linked.close();
  });

  await t.test('without WebAssembly there are lessons and pictures, and what is missing is named', async () => {
    const context = await browser.newContext();
    await context.addInitScript('delete globalThis.WebAssembly');
    const without = await context.newPage();
    await without.goto(`${url}?lesson=exp-5`);
    await without.locator('#chart[data-samples] canvas').waitFor();
    await without.locator('#controls [role=status]', { hasText: 'Lessons and pictures only' }).waitFor();
    for (let minutes = 0; minutes < 2; minutes += 1) await control(without, '+1 min').click();
    await without.locator('#verdict', { hasText: 'no query is answered in this browser' }).waitFor();
    await context.close();
  });

  await t.test('what needs real processes is named, and the lab goes on', async () => {
    await page.locator('#tab-verdict').click();
    await choose(page, 'exp-17');
    await page.locator('#verdict', { hasText: 'make exp-17 runs it on your machine' }).waitFor();
    await choose(page, 'up');
  });

  await t.test('axe finds nothing, and nothing scrolls sideways', async () => {
    for (const viewport of [
      { width: 1366, height: 768 },
      { width: 390, height: 844 },
    ]) {
      await page.setViewportSize(viewport);
      assert.deepEqual(await axeFindings(page), []);
      await fitsItsWidth(page, `the page at ${viewport.width} px`);
    }
  });

  await t.test('it opens without a network, and a newer one takes its place', async () => {
    const isDrawn = () => page.locator('#chart[data-samples] canvas').waitFor({ timeout: 30_000 });
    /** Whether what keeps the page has come that far. */
    const keeper = (state: 'active' | 'waiting', isThere: boolean) =>
      until(`a service worker: ${state}, ${isThere}`, 20, () =>
        page.evaluate(
          async ([name, wanted]) => {
            const state = (await navigator.serviceWorker.getRegistration())?.[name]?.state;
            return wanted === (state === 'activated' || state === 'installed');
          },
          [state, isThere] as const,
        ),
      );
    await keeper('active', true);
    serving.isDown = true;
    await page.reload();
    await isDrawn();
    await page.locator('#progress', { hasText: /^1 of \d+ solved$/ }).waitFor();

    serving.isDown = false;
    serving.isNewer = true;
    await page.reload();
    await isDrawn();
    assert.equal(await page.title(), 'Newer: Prometheus lab');
    await keeper('waiting', true);
    // The older one stays until its last tab is closed.
    await page.goto('about:blank');
    await page.goto(url);
    await keeper('waiting', false);
    serving.isDown = true;
    await page.reload();
    await isDrawn();
    assert.equal(await page.title(), 'Newer: Prometheus lab');
    assert.equal(await page.evaluate(async () => (await caches.keys()).length), 1);
  });

  await t.test('nothing but its own files was asked for, and the console stayed silent', () => {
    assert.deepEqual(
      asked.filter((each) => !each.startsWith(url) && !each.startsWith('data:')),
      [],
    );
    assert.deepEqual(complaints, []);
  });
});
