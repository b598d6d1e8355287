import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import type { Locator, Page } from 'playwright-core';
import type { Fault } from '../../lab/model/lesson.ts';
import { fitsItsWidth, launchChromium, openPage, screenshots } from '../../test/support/chromium.ts';
import { choose } from './check.ts';

/** Opens the page in a real browser, at an experiment's turn; its console has to stay silent. */
const atTurn = async (url: string, command: string, prove: (page: Page) => Promise<void>): Promise<void> => {
  mkdirSync(screenshots, { recursive: true });
  const browser = await launchChromium();
  try {
    const { page, complaints } = await openPage(browser, url);
    await page.locator(`button[data-command="${command}"]`).waitFor({ state: 'attached' });
    await choose(page, command);
    await page.locator('#tab-turn').focus();
    await page.keyboard.press('Enter');
    await prove(page);
    assert.deepEqual(complaints, []);
  } finally {
    await browser.close();
  }
};

/** Names a wrong cause of the fault that is active, then the right one. */
export const proveFault = (url: string, command: string, wrong: Fault, right: Fault): Promise<void> =>
  atTurn(url, command, async (page) => {
    const form = page.locator('#turn .exercise', { has: page.locator('#cause') });
    const name = async (fault: Fault) => {
      await form.locator('select').selectOption(fault.name);
      await form.locator('button[type="submit"]').focus();
      await page.keyboard.press('Enter');
    };
    assert.doesNotMatch((await page.textContent('#verdict')) ?? '', new RegExp(right.cause));
    await name(wrong);
    await form.locator('.result', { hasText: `Not ${wrong.name}: then` }).waitFor();
    await name(right);
    await form.locator('.result', { hasText: `Right: ${right.cause}` }).waitFor();
    await form.locator('.solved', { hasText: right.name }).waitFor();
    await page.screenshot({ path: `${screenshots}/guide-turn-fault.png` });
    await page.locator('#tab-verdict').click();
    await page.locator('#verdict', { hasText: `So the fault (${right.name})` }).waitFor();
  });

/** The field is the editor of the query bar: it completes, and Tab leaves it in both directions. */
const completesInPlace = async (page: Page, exercise: Locator): Promise<void> => {
  const editor = exercise.locator('.cm-content');
  await editor.focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('avg(memory_usage_si');
  await exercise.locator('.cm-tooltip-autocomplete li', { hasText: 'memory_usage_simulated' }).waitFor();
  // The editor takes no Enter for a list that has only just appeared.
  await page.waitForTimeout(200);
  await page.keyboard.press('Enter');
  await editor.filter({ hasText: 'avg(memory_usage_simulated)' }).waitFor();
  assert.equal(await exercise.locator('.result').textContent(), '');
  await page.keyboard.press('Tab');
  assert.equal(await page.locator('button:focus').textContent(), 'Judge it');
  await page.keyboard.press('Shift+Tab');
  await exercise.locator('.cm-focused').waitFor();
  await page.keyboard.press('Shift+Tab');
  await exercise.locator('.cm-focused').waitFor({ state: 'detached' });
};

/** Solves an exercise with the keyboard alone: refused, wrong, helped, right. */
export const proveTurn = (url: string): Promise<void> =>
  atTurn(url, 'exp-4', async (page) => {
    const first = page.locator('#turn .exercise').first();
    await first.locator('h3', { hasText: '4.1' }).waitFor();
    const result = first.locator('.result');
    const editor = first.locator('.cm-content');
    const answer = async (query: string) => {
      await editor.focus();
      await page.keyboard.press('ControlOrMeta+a');
      await page.keyboard.type(query);
      await page.keyboard.press('Enter');
    };

    await editor.filter({ hasText: /^cpu_usage$/ }).waitFor();
    await completesInPlace(page, first);
    await answer('avg(cpu usage)');
    await first.locator('.cm-lintRange-error', { hasText: 'usage' }).waitFor();
    await result.filter({ hasText: 'parse error' }).waitFor();
    assert.equal(await result.locator('mark').textContent(), 'u');

    await answer('sum(cpu_usage)');
    await result.filter({ hasText: 'two cores at 60 % are not 120 %' }).waitFor();
    // Six instants of the lab, and the two other worlds in which it is wrong.
    assert.equal(await result.locator('tbody tr').count(), 8);
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
    await fitsItsWidth(page);
    await page.screenshot({ path: `${screenshots}/guide-turn-narrow.png`, fullPage: true });
  });
