import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { noChromium } from '../../test/support/chromium.ts';
import { inBrowser, servePage, signalReader } from './served-page.ts';

const options = { skip: noChromium, timeout: 60_000 };

test('a verdict that takes longer than any poll is waited for, by name, and shown', options, async (t) => {
  const slow = async () => {
    await delay(7_000);
    return [];
  };
  const url = await servePage(t, { lab: { read: { ...signalReader, samples: slow } } });
  await inBrowser(url, async (page) => {
    const verdict = page.locator('#verdict');
    await verdict.filter({ hasText: /Experiment \d+ is being measured, \d+ s so far/ }).waitFor({ timeout: 15_000 });
    await page.locator('#tab-turn').click();
    await page.locator('#turn .exercise').first().waitFor();
    await page.locator('#tab-verdict').click();
    await page.locator('#verdict:is([data-kind="wait"], [data-kind="measured"], [data-kind="unknown"])').waitFor();
    // Asked again: what is shown stays, and says that it is being measured again.
    await verdict.filter({ hasText: /measured again, \d+ s so far/ }).waitFor({ timeout: 15_000 });
    assert.equal(await page.locator('#verdict .heading').count(), 1);
  });
});

test('each part of the page says what failed while the rest goes on', options, async (t) => {
  const url = await servePage(t);
  await inBrowser(url, async (page) => {
    await page.locator('#chart[data-samples]').waitFor();
    for (const [path, place, words] of [
      ['verdict', '#verdict', /(not measured again|Nothing can be measured): the answer was cut off/],
      ['notifications', '#inbox-count', /^not read: the answer was cut off/],
    ] as const) {
      // Answered as a proxy would, not broken off: that would be a complaint of the browser's own.
      await page.route(`**/api/${path}*`, (route) => route.fulfill({ status: 200, body: 'not JSON' }));
      await page.locator(place).filter({ hasText: words }).waitFor({ timeout: 15_000 });
      await page.unroute(`**/api/${path}*`);
      await page.locator(place).filter({ hasNotText: words }).waitFor({ state: 'attached', timeout: 15_000 });
    }
  });
});

test('a picture that takes long says so where it will be', options, async (t) => {
  const slow = async () => {
    await delay(3_500);
    return [];
  };
  const url = await servePage(t, { lab: { read: { ...signalReader, range: slow, samples: slow } } });
  await inBrowser(url, async (page) => {
    const words = /^Waiting for what is stored and what really happened: \d+ s so far\.$/;
    await page.locator('#picture-wait').filter({ hasText: words }).waitFor({ timeout: 10_000 });
    await page.locator('#chart[data-samples]').waitFor();
    assert.equal(await page.locator('#picture-wait').isVisible(), false);
  });
});
