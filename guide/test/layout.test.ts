import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { steps } from '../../experiments/catalogue.ts';
import { fitsItsWidth, noChromium } from '../../test/support/chromium.ts';
import { firstLook } from '../../test/support/first-look.ts';
import { axeFindings } from './axe.ts';
import { choose } from './check.ts';
import { baseLab, inBrowser, servePage } from './served-page.ts';

const options = { skip: noChromium, timeout: 120_000 };

const laptops = [
  { width: 1366, height: 768 },
  { width: 1440, height: 900 },
  { width: 1920, height: 1080 },
];

/** What of the lesson is not whole in sight, without scrolling anything. */
const outOfSight = async (page: Page): Promise<string[]> => {
  const viewport = page.viewportSize()!;
  const frame = (await page.locator('#lesson').boundingBox())!;
  const missing: string[] = [];
  for (const [what, selector] of [
    ['question', '#lesson .question'],
    ['command', '#lesson .command'],
    ['first query', '#lesson .queries li'],
    ['picture', '#picture'],
  ] as const) {
    const place = page.locator(selector).first();
    if ((await place.count()) === 0) continue;
    const box = await place.boundingBox();
    const bottom = selector.startsWith('#lesson') ? frame.y + frame.height : viewport.height;
    if (box === null || box.y < 0 || box.y + box.height > bottom + 0.5) missing.push(`${what} ${JSON.stringify(box)}`);
  }
  return missing;
};

test(
  'of every lesson the question, the command, the picture and the first query are in sight on a laptop',
  options,
  async (t) => {
    const url = await servePage(t);
    await inBrowser(url, async (page) => {
      await page.locator('#chart[data-samples]').waitFor();
      for (const { command } of steps) {
        await choose(page, command);
        await page.locator(`#lesson[data-command="${command}"]`).waitFor();
        for (const viewport of laptops) {
          await page.setViewportSize(viewport);
          assert.deepEqual(await outOfSight(page), [], `${command} at ${viewport.width} × ${viewport.height}`);
          const [inner, outer] = await page.locator('html').evaluate((html) => [html.scrollHeight, html.clientHeight]);
          assert.equal(inner, outer, `${command}: the page scrolls at ${viewport.width} × ${viewport.height}`);
        }
      }
    });
  },
);

test('on a phone the lesson comes first, and nothing scrolls sideways', options, async (t) => {
  const url = await servePage(t);
  await inBrowser(url, async (page) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.locator('#lesson h2').first().waitFor();
    const tops = await Promise.all(
      ['#lesson', '#picture', '#lower', '#alerts'].map(async (part) => (await page.locator(part).boundingBox())!.y),
    );
    assert.deepEqual(
      tops,
      tops.toSorted((one, other) => one - other),
    );
    assert.ok(tops[0]! < 200, `the lesson begins at ${tops[0]} px`);
    assert.equal(await page.locator('#steps').isVisible(), false);
    await page.locator('#lessons > summary').click();
    await choose(page, 'exp-3');
    await page.locator('#lesson[data-command="exp-3"]').waitFor();
    assert.equal(await page.locator('#steps').isVisible(), false);
    await fitsItsWidth(page);
  });
});

test('the first page says where to begin, and how long it takes', options, async (t) => {
  const url = await servePage(t);
  await inBrowser(url, async (page) => {
    const begin = page.locator('#lesson .begin');
    await begin.filter({ hasText: /Begin with Experiment 5 · Sampling loss, \d+ minutes/ }).waitFor();
    await begin.filter({ hasText: /0 of \d+ exercises solved/ }).waitFor();
    await begin.locator('button.link').click();
    await page.locator('#lesson[data-command="exp-5"]').waitFor();
    await page.locator('#lesson .not-active', { hasText: 'Active now: The base lab' }).waitFor();
  });
});

test('the page follows a step that changes nothing', options, async (t) => {
  let applied: { step: string; from: number; to: number } | undefined;
  const url = await servePage(t, { lab: { observe: async () => ({ ...baseLab(), ...(applied && { applied }) }) } });
  await inBrowser(url, async (page) => {
    await page.locator('#lesson[data-command="up"]').waitFor();
    for (const step of ['exp-2', 'exp-3', 'exp-4', 'exp-7']) {
      const at = Date.now() / 1_000;
      applied = { step, from: at - 3, to: at - 1 };
      await page.locator(`#lesson[data-command="${step}"]`).waitFor({ timeout: 10_000 });
      await page.locator(`button[data-command="${step}"][aria-current="step"]`).waitFor();
    }
    assert.deepEqual(await axeFindings(page), []);
  });
});

test('a projector shows the picture and one sentence alone', options, async (t) => {
  const url = await servePage(t);
  await inBrowser(`${url}/?view=projector`, async (page) => {
    await page.locator('#sentence').filter({ hasText: 'The base lab' }).waitFor();
    for (const part of ['nav', '#lesson', '#lower', '#alerts'])
      assert.equal(await page.locator(part).isVisible(), false);
    const box = (await page.locator('#picture').boundingBox())!;
    assert.ok(box.height > 600 && box.width > 1_300, JSON.stringify(box));
    const pixels = await page
      .locator('#sentence')
      .evaluate((sentence) => Reflect.get(globalThis, 'getComputedStyle')(sentence).fontSize as string);
    assert.ok(Number.parseFloat(pixels) > 30, pixels);
    assert.deepEqual(await axeFindings(page), []);
  });
});

test('nothing moves when the data arrive, on a phone, a tablet and laptops', options, async (t) => {
  const url = await servePage(t);
  await inBrowser(url, async (_page, browser) => {
    for (const viewport of [{ width: 390, height: 844 }, { width: 768, height: 1024 }, ...laptops]) {
      const look = await firstLook(browser, url, { viewport });
      await look.page.locator('#verdict :is(.findings, .state, p)').first().waitFor();
      await look.page.waitForTimeout(2_500);
      const shifts = await look.shifts();
      const moved = shifts.reduce((sum, { score }) => sum + score, 0);
      assert.ok(moved <= 0.01, `${viewport.width} px: ${JSON.stringify(shifts)}`);
      await look.page.close();
    }
  });
});
