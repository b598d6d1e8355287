import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { isSound } from '../../guide/test/sound.ts';
import { launchChromium, noChromium, openPage } from '../../test/support/chromium.ts';
import { shiftsIn, watched } from '../../test/support/first-look.ts';
import { noEngine } from './engine.ts';
import { type Serving, siteServed } from './site.ts';

/** The page On call of the site in a real Chromium, as a plain file server hands it out. */
const missing = noEngine || noChromium;

const scores = (page: Page) => page.locator('#score tbody tr');
/** The reference rules are judged. */
const isScored = (page: Page) =>
  scores(page).filter({ hasText: 'a threshold for 30 s' }).filter({ hasText: '%' }).waitFor({ timeout: 60_000 });

const type = async (page: Page, expr: string) => {
  await page.locator('#editor .cm-content').click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(expr);
  await page.keyboard.press('Enter');
};

test('the page On call in a tab', { skip: missing, timeout: 300_000 }, async (t) => {
  const serving: Serving = { isDown: false, isNewer: false };
  const url = await siteServed(t, serving);
  const browser = await launchChromium();
  t.after(() => browser.close());
  const { page, complaints } = await openPage(browser, url, { last: /promql-/ });
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));

  await t.test('the lab in a tab leads to it, and the reference rules are judged', async () => {
    await page.locator('#chart[data-samples] canvas').waitFor({ timeout: 60_000 });
    assert.equal(
      await page.locator('nav button[data-command="oncall"]').count(),
      0,
      'nothing has to be started for it',
    );
    await page.locator('#on-call').click();
    await page.locator('#deserves', { hasText: 'more than 1 % of the requests fail' }).waitFor();
    await isScored(page);
    await page.locator('#front svg').waitFor();
    await page.locator('#engine', { hasText: 'Real: Prometheus’ own engine' }).waitFor();
  });

  const down = 'up{job="node"} == 0';
  await t.test('a rule is refused in Prometheus’ words, and judged in twenty shifts', async () => {
    await page.locator('#scenarios button', { hasText: 'hosts' }).click();
    await scores(page).filter({ hasText: 'up is 0 for 30 s' }).waitFor();
    await type(page, 'up{job="node"} ==');
    await page.locator('#said', { hasText: 'parse error: unexpected end of input' }).waitFor();
    await page.locator('#said mark').waitFor();
    await type(page, down);
    await page.locator('#said', { hasText: '97 % saved. ' }).waitFor();
    const cells = await page.locator('#score .own td').allTextContents();
    assert.deepEqual(cells.slice(0, 5), ['◆', '97 %', '131', '60', '71']);
    assert.equal(await page.locator('#shifts .strip').count(), 20);
    assert.ok((await page.locator('#shifts .firing').count()) >= 20);
    await page.locator('#worst button').first().click();
    await page.locator('#readout', { hasText: /^Shift \d+, 09:\d\d:\d\d UTC · / }).waitFor();
    await isSound(page, 'judged');
  });

  await t.test('the address holds the rule: a link opens exactly that, and nothing moves', async () => {
    const link = page.url();
    assert.match(link, /\/on-call\.html#scenario=hosts&expr=up/);
    const linked = await browser.newPage({ viewport: { width: 1366, height: 768 } });
    await watched(linked);
    await linked.goto(link);
    await linked.locator('#said', { hasText: '97 % saved. ' }).waitFor({ timeout: 60_000 });
    const moved = await shiftsIn(linked);
    assert.ok(moved.reduce((sum, { score }) => sum + score, 0) <= 0.01, JSON.stringify(moved));
    await linked.setViewportSize({ width: 390, height: 844 });
    await linked.reload();
    await linked.locator('#said', { hasText: '97 % saved. ' }).waitFor({ timeout: 60_000 });
    const onPhone = await shiftsIn(linked);
    assert.ok(onPhone.reduce((sum, { score }) => sum + score, 0) <= 0.01, JSON.stringify(onPhone));
    await linked.goto(`${url}on-call.html#scenario=network`);
    await linked.reload();
    await linked.locator('#notice', { hasText: 'Scenario must be errors, disk or hosts, got "network"' }).waitFor();
    await linked.close();
  });

  await t.test('without WebAssembly it says that nothing can be judged, once and for all', async () => {
    const context = await browser.newContext();
    await context.addInitScript('delete globalThis.WebAssembly');
    const without = await context.newPage();
    await without.goto(`${url}on-call.html#scenario=hosts&expr=up`);
    await without
      .locator('#front', { hasText: 'No rule can be evaluated in this browser: it has no WebAssembly' })
      .waitFor();
    await context.close();
  });

  await t.test('it opens and judges without a network', async () => {
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
    serving.isDown = true;
    await page.reload();
    await page.locator('#said', { hasText: '97 % saved. ' }).waitFor({ timeout: 60_000 });
    await page.locator('h1 a').click();
    await page.locator('#chart[data-samples] canvas').waitFor({ timeout: 60_000 });
    serving.isDown = false;
  });

  await t.test('nothing but its own files was asked for, and the console stayed silent', () => {
    assert.deepEqual(
      asked.filter((each) => !each.startsWith(url) && !each.startsWith('data:')),
      [],
    );
    assert.deepEqual(complaints, []);
  });
});
