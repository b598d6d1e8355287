import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { fitsItsWidth, launchChromium, openPage, screenshots } from '../../test/support/chromium.ts';
import { deadLinks } from '../../test/support/http.ts';
import type { Alerts } from '../src/health.ts';
import { askChecks } from './ask.browser.ts';
import { awayChecks } from './away.browser.ts';
import { axeFindings } from './axe.ts';
import { type Check, choose, type LabControl } from './check.ts';
import { firstLookChecks } from './first-look.browser.ts';

/** Longest scrape interval of the lab, twice, and the time to notice it. */
const twoScrapesMilliseconds = 65_000;

/** One of the numbers over the picture. */
const number = async (page: Page, index: number): Promise<number> =>
  Number(await page.locator('#counts strong').nth(index).textContent({ timeout: 1_000 }));

/** The page's own security policy forbids scripts in strings, so conditions are asked from here. */
const until = async (what: string, holds: () => Promise<boolean>, milliseconds: number): Promise<void> => {
  const deadline = performance.now() + milliseconds;
  while (!(await holds().catch(() => false))) {
    assert.ok(performance.now() < deadline, `waited ${milliseconds / 1000} s for ${what}`);
    await delay(200);
  }
};

const active = (page: Page, command: string): Promise<void> =>
  page.locator(`button[data-command="${command}"][aria-current="step"]`).waitFor({ timeout: 30_000 });

/** Whether Prometheus or Alertmanager has an alert of that name that is not over. */
const fires = async (page: Page, alertname: string): Promise<boolean> => {
  const answer = await page.request.get(new URL('/api/alerts', page.url()).href);
  const { alerts, missing } = (await answer.json()) as Alerts;
  assert.deepEqual(missing, []);
  return alerts.some(({ labels }) => labels.alertname === alertname);
};

const samplesDrawn = async (page: Page): Promise<number> =>
  Number(await page.locator('#chart').getAttribute('data-samples'));

/** The page's claims, in order: each leaves the lab as the next one expects it. */
export const checks: [claim: string, check: Check][] = [
  [
    'the page shows the chart with data, and marks the base lab',
    async (page) => {
      await active(page, 'up');
      await until('two stored samples', async () => (await samplesDrawn(page)) >= 2, twoScrapesMilliseconds);
      assert.ok((await number(page, 0)) >= 0);
      assert.ok(await hasDrawn(page), 'the canvas is empty');
    },
  ],
  [
    'the whole picture is in sight on a laptop, without scrolling',
    async (page) => {
      const box = await page.locator('#picture').boundingBox();
      assert.ok(box && box.y >= 0 && box.y + box.height <= 768, JSON.stringify(box));
      const scrolls = ({ scrollHeight, clientHeight }: { scrollHeight: number; clientHeight: number }) =>
        scrollHeight > clientHeight;
      assert.equal(await page.locator('html').evaluate(scrolls), false);
    },
  ],
  [
    'the reading is pinned by a click or by a key, stays while time goes on, and Escape lets go',
    async (page) => {
      const readout = page.locator('#readout');
      const readings = async () => (await readout.textContent()) ?? '';
      // From before this exporter began there are stored samples, and no truth.
      const pinned = /^pinned, Esc lets go: \d\d:\d\d:\d\d UTC · (true CPU|stored samples) [\d.]+ %/;
      const stays = async () => {
        const before = await readings();
        assert.match(before, pinned);
        await delay(2_500);
        assert.equal((await readings()).slice(0, 35), before.slice(0, 35));
        await page.keyboard.press('Escape');
        assert.doesNotMatch(await readings(), /^pinned/);
      };
      await page.locator('#chart').focus();
      for (const key of ['ArrowLeft', 'Shift+ArrowLeft', 'ArrowRight']) await page.keyboard.press(key);
      assert.equal(await page.locator('#chart').getAttribute('aria-valuetext'), await readings());
      await stays();
      const box = (await page.locator('#chart .u-over').boundingBox())!;
      await page.mouse.click(box.x + 0.8 * box.width, box.y + 40);
      // The pointer goes elsewhere: what is pinned is still read.
      await page.mouse.move(box.x + 0.2 * box.width, box.y + 40);
      await stays();
      await page.mouse.move(0, 0);
    },
  ],
  [
    'the keyboard opens an experiment, and its verdict follows',
    async (page) => {
      await choose(page, 'exp-3');
      await page.locator('#lesson[data-command="exp-3"] .question').waitFor();
      await page.locator('#verdict h2', { hasText: 'experiment 3' }).waitFor();
      await page.locator('#lesson button', { hasText: 'Back to what is active' }).press('Enter');
      await page.locator('#lesson[data-command="up"]').waitFor();
    },
  ],
  [
    'every link leads somewhere, whatever runs here',
    async (page) => {
      const links = await page.locator('a').evaluateAll((all) => all.map((each) => String(Reflect.get(each, 'href'))));
      // At least the exporter's and Alertmanager's; Prometheus and Grafana have pages in some runtimes only.
      assert.ok(links.length >= 2, `${links.length} links`);
      assert.deepEqual(await deadLinks(links), []);
    },
  ],
  ...askChecks,
  [
    'axe finds nothing in any tab, in light and in dark, on a laptop and on a phone',
    async (page) => {
      const laptop = page.viewportSize()!;
      for (const [colorScheme, viewport] of [
        ['light', laptop],
        ['dark', { width: 390, height: 844 }],
      ] as const) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize(viewport);
        for (const tab of await page.locator('#tabs button:visible').all()) {
          await tab.click();
          assert.deepEqual(await axeFindings(page), [], `${colorScheme}, ${await tab.textContent()}`);
        }
        await fitsItsWidth(page);
      }
      await page.setViewportSize(laptop);
      await page.emulateMedia({ colorScheme: 'light' });
      await page.locator('#tab-verdict').click();
    },
  ],
  ...firstLookChecks,
  ...awayChecks,
  [
    'HighCPU fires, and a row comes into the inbox; back in the base lab, its resolution',
    async (page, lab) => {
      const rows = page.locator('#inbox li[data-alertname="HighCPU"]');
      const newest = async () => ((await rows.count()) > 0 ? rows.first().getAttribute('data-status') : undefined);
      // By chance the base lab's CPU fires it too, and whoever is stopped meanwhile never sends the resolution: only
      // what arrives from here on counts.
      await until('HighCPU to be inactive', async () => !(await fires(page, 'HighCPU')), 60_000);
      const before = await rows.count();
      await lab.apply('exp-6');
      await active(page, 'exp-6');
      const arrived = async () => (await newest()) === 'firing' && (await rows.count()) > before;
      await until('a notification of HighCPU', arrived, 60_000);
      assert.match((await rows.first().textContent()) ?? '', /job=my_app.*started.*arrived/s);
      await page.screenshot({ path: `${screenshots}/guide-exp-6.png` });
      await lab.apply('up');
      await until('its resolution', async () => (await newest()) === 'resolved', 60_000);
    },
  ],
  [
    'experiment 5 changes the marker and the counts within two scrapes',
    async (page, lab) => {
      await lab.apply('exp-5');
      await active(page, 'exp-5');
      const counted = async () => (await number(page, 0)) >= 20 && (await samplesDrawn(page)) >= 1;
      await until('20 spikes and a sample', counted, twoScrapesMilliseconds);
      assert.ok((await number(page, 1)) < (await number(page, 0)));
      await page.locator('#verdict[data-kind="measured"], #verdict[data-kind="wait"]').waitFor();
      await page.screenshot({ path: `${screenshots}/guide-exp-5.png` });
      await lab.apply('up');
      await active(page, 'up');
    },
  ],
];

type Canvas = {
  width: number;
  height: number;
  getContext: (kind: '2d') => { getImageData: (...box: number[]) => { data: number[] } };
};

/** Whether anything was drawn: pixels of the canvas that are not empty. */
const hasDrawn = (page: Page): Promise<boolean> =>
  page.locator('#chart canvas').evaluate((canvas) => {
    const { width, height, getContext } = canvas as unknown as Canvas;
    return getContext
      .call(canvas, '2d')
      .getImageData(0, 0, width, height)
      .data.some((value) => value !== 0);
  });

/** Opens the page as on a small laptop and proves every claim, then that the console stayed silent. */
export const provePage = async (url: string, lab: LabControl): Promise<void> => {
  mkdirSync(screenshots, { recursive: true });
  const browser = await launchChromium();
  try {
    const { page, complaints } = await openPage(browser, url);
    for (const [claim, check] of checks) {
      await check(page, lab).catch(async (error) => {
        await page.screenshot({ path: `${screenshots}/guide-failed.png` });
        const [active, notice] = await Promise.all(['#active', '#notice'].map((id) => page.textContent(id)));
        const inbox = await page.locator('#inbox .heading').allTextContents();
        const seen = { active, notice, inbox, console: complaints, screenshot: `${screenshots}/guide-failed.png` };
        throw new Error(`${claim}: ${error} ${JSON.stringify(seen)}`, { cause: error });
      });
      lab.say(`✓ ${claim}`);
    }
    assert.deepEqual(complaints, []);
    lab.say('✓ the console stayed silent');
  } finally {
    await browser.close();
  }
};
