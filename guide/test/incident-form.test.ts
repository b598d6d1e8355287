import assert from 'node:assert/strict';
import { test } from 'node:test';
import { debriefOf } from '../../lab/incidents/debrief.ts';
import { aroundOf, evidenceOf } from '../../lab/incidents/reading.ts';
import { play } from '../../test/incidents/simulated.ts';
import { solve } from '../../test/incidents/solver.ts';
import { fitsItsWidth, noChromium, screenshots } from '../../test/support/chromium.ts';
import { axeFindings } from './axe.ts';
import { choose } from './check.ts';
import { inBrowser, servePage } from './served-page.ts';

test('an incident is solved on the page, with the keyboard: wrong, helped, right', {
  skip: noChromium,
  timeout: 120_000,
}, async (t) => {
  const { read, lab, running } = await play(3, 1, 5);
  const [{ fault }] = running.happenings as [(typeof running.happenings)[0]];
  const [answer] = await solve(read, lab, running.startedAt, 1);
  const url = await servePage(t, { lab: { observe: async () => lab, read, clock: () => lab.now } });
  await inBrowser(url, async (page) => {
    await choose(page, 'incident');
    await page.locator('header', { hasText: 'On call: an incident is active' }).waitFor();
    await page.locator('#tab-turn').focus();
    await page.keyboard.press('Enter');
    const form = page.locator('#turn .incident');
    await form.waitFor();
    assert.equal(await page.locator('#turn .exercise').count(), 1, 'no exercises beside it');
    const result = form.locator('.result');
    assert.ok(!(await page.content()).includes(fault.says), 'the page says what it was');

    await form.locator('[name="CAUSE"]').selectOption(fault.cause === 'death' ? 'stuck' : 'death');
    await form.locator('button[type="submit"]').focus();
    await page.keyboard.press('Enter');
    await result.filter({ hasText: 'CAUSE: then ' }).waitFor();
    await form.locator('button', { hasText: 'A hint' }).click();
    await result.filter({ hasText: fault.hints(running.happenings[0]!.chosen)[0] }).waitFor();

    await form.locator('[name="INSTANCE"]').selectOption(answer!.INSTANCE!);
    await form.locator('[name="CAUSE"]').selectOption(answer!.CAUSE!);
    await form.locator('[name="SINCE"]').fill(String(Math.round(answer!.SINCE!)));
    await form.locator('[name="UNTIL"]').fill(String(Math.round(answer!.UNTIL!)));
    await form.locator('[name="LOST"]').fill(String(answer!.LOST!));
    await page.keyboard.press('Enter');
    await result.filter({ hasText: 'Solved in ' }).waitFor();
    const { picture, queries, title } = debriefOf({
      evidence: await evidenceOf(read, lab, running),
      around: await aroundOf(read, lab, running),
      startedAt: running.startedAt,
      notifications: [],
      now: lab.now,
    })[0]!;
    const drawing = form.locator('.debrief .chart');
    await drawing.locator('canvas').waitFor();
    const words = await drawing.getAttribute('aria-label');
    const [began, ended] = picture.happened.map((at) => new Date(1_000 * at).toISOString().slice(11, 19));
    assert.ok(words!.startsWith(`${title}; it happened from ${began} to ${ended}; samples prove it`), words!);
    assert.deepEqual(await form.locator('.debrief .legend li').allTextContents(), [
      picture.shown!.name,
      'what happened',
    ]);
    const points = await page.evaluate(
      `(() => { const { width, height } = document.querySelector('.debrief canvas'); return document.querySelector('.debrief canvas').getContext('2d').getImageData(0, 0, width, height).data.filter((value) => value > 0).length; })()`,
    );
    assert.ok(Number(points) > 10_000, `${points} bytes of the drawing are not empty`);
    await form.locator('.debrief').screenshot({ path: `${screenshots}/guide-debrief.png` });
    assert.deepEqual(await axeFindings(page), []);
    await page.setViewportSize({ width: 390, height: 844 });
    await fitsItsWidth(page);
    await form.locator('.debrief .looks button').first().click();
    const address = new URLSearchParams(new URL(page.url()).hash.slice(1));
    assert.deepEqual(
      ['query', 'as', 'at', 'seconds'].map((name) => address.get(name)),
      [queries[0]!.expr, 'graph', `${Math.ceil(picture.to)}`, `${Math.ceil(picture.to - picture.from)}`],
    );
    await page.screenshot({ path: `${screenshots}/guide-incident.png` });
  });
});
