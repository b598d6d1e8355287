import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { fitsItsWidth, screenshots } from '../../test/support/chromium.ts';
import { firstLook } from '../../test/support/first-look.ts';
import { axeFindings } from './axe.ts';
import type { Check } from './check.ts';

const notice = (page: Page) => page.locator('#notice');
const silent = (page: Page, name: string) =>
  notice(page)
    .filter({ hasText: `${name} does not answer` })
    .waitFor({ timeout: 20_000 });

/** What the page is like while services are away, and how it goes on. */
export const awayChecks: [claim: string, check: Check][] = [
  [
    'a service that is away is named, whichever it is, also to whoever comes only then, and the page goes on by itself',
    async (page, lab) => {
      await lab.stop('exporter');
      await silent(page, 'Exporter');
      await lab.stop('alertmanager');
      await silent(page, 'Alertmanager');
      await lab.stop('prometheus');
      await silent(page, 'Prometheus');

      const { page: late } = await firstLook(page.context().browser()!, page.url(), {
        viewport: { width: 390, height: 844 },
      });
      for (const name of ['Exporter', 'Alertmanager', 'Prometheus']) await silent(late, name);
      assert.match((await late.textContent('#active')) ?? '', /^Active step unknown/);
      assert.match((await late.textContent('#counts')) ?? '', /Prometheus does not answer/);
      await late.locator('#verdict', { hasText: 'Nothing can be measured' }).waitFor();
      await late.locator('#editor .cm-content').focus();
      await late.keyboard.insertText('up');
      await late.keyboard.press('Enter');
      await late.locator('#values', { hasText: /^Prometheus does not answer/ }).waitFor();
      await late.locator('#tab-turn').click();
      await late.locator('#turn .exercise .try button').first().click();
      await late.locator('#turn .result', { hasText: 'Nothing can be judged: Prometheus does not answer' }).waitFor();
      await late.locator('#tab-verdict').click();
      assert.deepEqual(await axeFindings(late), []);
      await fitsItsWidth(late);
      await late.screenshot({ path: `${screenshots}/guide-without-services.png`, fullPage: true });
      await late.close();

      await lab.startAll();
      await notice(page).waitFor({ state: 'hidden', timeout: 60_000 });
    },
  ],
  [
    'where the guide itself does not answer the page says so, and goes on once it does',
    async (page) => {
      const { page: own } = await firstLook(page.context().browser()!, page.url());
      await own.route('**/api/**', (route) => route.abort());
      await notice(own).filter({ hasText: 'The guide does not answer' }).waitFor({ timeout: 20_000 });
      assert.deepEqual(await axeFindings(own), []);
      await own.unroute('**/api/**');
      await notice(own).waitFor({ state: 'hidden', timeout: 20_000 });
      await own.close();
    },
  ],
];
