import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { launchChromium } from '../../test/support/chromium.ts';

const screenshots = '.artefacts';

/** Solves an exercise in a real browser with the keyboard alone: refused, wrong, helped, right. */
export const proveTurn = async (url: string): Promise<void> => {
  mkdirSync(screenshots, { recursive: true });
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(url);
    await page.locator('button[data-command="exp-4"]').focus();
    await page.keyboard.press('Enter');
    await page.locator('#tab-verdict').focus();
    await page.keyboard.press('ArrowRight');
    const first = page.locator('#turn .exercise').first();
    await first.locator('h3', { hasText: '4.1' }).waitFor();
    const result = first.locator('.result');
    const answer = async (query: string) => {
      await first.locator('textarea').focus();
      await page.keyboard.press('ControlOrMeta+a');
      await page.keyboard.type(query);
      await page.keyboard.press('Enter');
    };

    assert.equal(await first.locator('textarea').inputValue(), 'cpu_usage');
    await answer('avg(cpu usage)');
    await result.filter({ hasText: 'parse error' }).waitFor();
    assert.equal(await result.locator('mark').textContent(), 'u');

    await answer('sum(cpu_usage)');
    await result.filter({ hasText: 'two cores at 60 % are not 120 %' }).waitFor();
    assert.equal(await result.locator('tbody tr').count(), 6);
    await first.locator('h3').scrollIntoViewIfNeeded();
    await page.screenshot({ path: `${screenshots}/guide-turn-wrong.png` });

    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    assert.equal(await first.locator('.hints li').count(), 2);
    assert.doesNotMatch((await first.textContent()) ?? '', /One right answer/);

    await answer('avg without (core) (cpu_usage)');
    await result.filter({ hasText: 'Right at 6 instants' }).waitFor();
    await first.locator('.solved', { hasText: '✓ solved' }).waitFor();
    await page.screenshot({ path: `${screenshots}/guide-turn-right.png` });

    await page.setViewportSize({ width: 390, height: 844 });
    const widths = await page.locator('html').evaluate(({ scrollWidth, clientWidth }) => [scrollWidth, clientWidth]);
    assert.equal(widths[0], widths[1], 'the page scrolls sideways');
    await page.screenshot({ path: `${screenshots}/guide-turn-narrow.png`, fullPage: true });
    assert.deepEqual(complaints, []);
  } finally {
    await browser.close();
  }
};
