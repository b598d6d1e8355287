import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Page } from 'playwright-core';
import { noChromium } from '../../test/support/chromium.ts';
import type { Answer } from '../src/ask/answer.ts';
import type { Question } from '../src/ask/question.ts';
import { axeFindings } from './axe.ts';
import { baseLab, inBrowser, servePage } from './served-page.ts';

const options = { skip: noChromium, timeout: 120_000 };

/** Two series, each a straight line, at each step of the range. */
const answer = async ({ query, as, at, seconds, stepSeconds }: Question): Promise<Answer> => {
  const now = at ?? Date.now() / 1_000;
  if (as === 'parts') {
    const why = `no series is called ${query}`;
    const tree = {
      from: 0,
      to: query.length,
      text: query,
      kind: 'selector' as const,
      parts: [],
      total: 0,
      series: [],
      why,
    };
    return { kind: 'parts', tree, at: now };
  }
  const to = Math.floor(now / stepSeconds) * stepSeconds;
  const from = to - Math.floor(seconds / stepSeconds) * stepSeconds;
  const times = Array.from({ length: (to - from) / stepSeconds + 1 }, (_, index) => from + index * stepSeconds);
  const series = ['core1', 'core2'].map((core, index) => ({
    labels: { __name__: query, core },
    samples: times.map((time): [number, string] => [time, String(10 * (index + 1))]),
  }));
  const isEmpty = query === 'nothing';
  return {
    kind: 'answered',
    type: 'matrix',
    series: isEmpty ? [] : series,
    total: isEmpty ? 0 : 2,
    isCounted: true,
    from,
    to,
    stepSeconds,
    notes: [],
    tookSeconds: 0.01,
  };
};

const ask = async (page: Page, query: string, key = 'Enter') => {
  await page.locator('#editor .cm-content').focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(query);
  await page.keyboard.press(key);
};

const withBar = async (t: TestContext, prove: (page: Page, url: string) => Promise<void>) => {
  const url = await servePage(t, { ask: { answer } });
  await inBrowser(url, async (page) => {
    await page.locator('#editor .cm-content').waitFor();
    await prove(page, url);
  });
};

const pressed = (page: Page) =>
  page.locator('#series .toggle').evaluateAll((all) => all.map((each) => String(Reflect.get(each, 'ariaPressed'))));

test('several queries share a graph, the address holds them, and each can be taken out', options, async (t) => {
  await withBar(t, async (page) => {
    await ask(page, 'right');
    await page.locator('#series li').nth(1).waitFor();
    await page.locator('#add').click();
    await ask(page, 'wrong');
    // By name: until the new query is answered, the one that was kept is drawn twice, which are four lines as well.
    await page
      .locator('#series li', { hasText: /^A wrong/ })
      .first()
      .waitFor();
    await page.locator('#series li').nth(3).waitFor();
    assert.deepEqual(
      (await page.locator('#also li').allTextContents()).map((text) => text.replace('×', '')),
      ['Awrong', 'Bright'],
    );
    assert.match((await page.locator('#series li').last().textContent()) ?? '', /^B right\{core="core2"\}/);
    assert.match(page.url(), /query=wrong.*also=right/);
    assert.deepEqual(await axeFindings(page), []);
    const other = await page.context().browser()!.newPage();
    await other.goto(page.url());
    await other.locator('#series li').nth(3).waitFor();
    await other.close();
    await page.locator('#also button', { hasText: '×' }).click();
    await page.locator('#series li').nth(2).waitFor({ state: 'detached' });
  });
});

test(
  "a learner's own target is a click away in the query bar, and nothing is there without one",
  options,
  async (t) => {
    const observe = async () => ({ ...baseLab(), ownTarget: 'localhost:9100' });
    const url = await servePage(t, { ask: { answer }, lab: { observe } });
    await inBrowser(url, async (page) => {
      await page.getByRole('button', { name: 'Own target' }).click();
      await page.waitForURL(/query=%7Bjob%3D%22own%22%7D/);
      await page.locator('#values', { hasText: 'core2' }).waitFor();
      assert.equal(await page.locator('#own-target').getAttribute('title'), 'The series of localhost:9100');
      assert.deepEqual(await axeFindings(page), []);
    });
    await withBar(t, async (page) => assert.ok(await page.locator('#own-target').isHidden()));
  },
);

test('a series is hidden by its colour and singled out by its name', options, async (t) => {
  await withBar(t, async (page) => {
    await ask(page, 'two');
    await page.locator('#series li').nth(1).waitFor();
    await page.locator('#series .toggle').first().click();
    assert.deepEqual(await pressed(page), ['false', 'true']);
    await page.locator('#series .toggle').first().click();
    await page.locator('#series .name').last().press('Enter');
    assert.deepEqual(await pressed(page), ['false', 'true']);
    await page.locator('#series .name').last().press('Enter');
    assert.deepEqual(await pressed(page), ['true', 'true']);
    await page.locator('#stacked').check();
    await page.waitForURL(/stacked=1/);
  });
});

test('a time range is dragged, typed and shared, and the way back to now is one click', options, async (t) => {
  await withBar(t, async (page) => {
    await ask(page, 'two');
    const box = (await page.locator('#graph .u-over').boundingBox())!;
    const at = (share: number): [number, number] => [box.x + share * box.width, box.y + box.height / 2];
    await page.mouse.move(...at(0.25));
    await page.mouse.down();
    await page.mouse.move(...at(0.5), { steps: 4 });
    await page.mouse.up();
    await page.locator('#to-now').waitFor();
    // A quarter of two minutes.
    assert.match(await page.locator('#range').inputValue(), /^(29|30|31)s$/);
    assert.match(await page.locator('#at').inputValue(), /^\d\d:\d\d:\d\d$/);
    assert.match(page.url(), /at=\d+.*seconds=(29|30|31)/);
    await page.locator('#to-now').click();
    await page.locator('#to-now').waitFor({ state: 'hidden' });
    await page.locator('#range').fill('7m');
    await page.locator('#range').press('Enter');
    await page.locator('#step').fill('15s');
    await page.locator('#step').press('Enter');
    await page.locator('#summary', { hasText: 'every 15 s' }).waitFor();
    assert.match(page.url(), /seconds=420.*step=15/);
    const shared = await page.context().browser()!.newPage();
    await shared.goto(page.url());
    await shared.locator('#summary', { hasText: 'every 15 s' }).waitFor();
    assert.equal(await shared.locator('#range').inputValue(), '7m');
    await shared.close();
  });
});

test('an empty answer says why, and the parts of a query are a tab', options, async (t) => {
  await withBar(t, async (page) => {
    await ask(page, 'nothing');
    await page.locator('#values', { hasText: 'An empty answer is no error.' }).waitFor();
    await page.locator('#values li', { hasText: 'nothing: no series is called nothing.' }).waitFor();
    await page.locator('#tab-parts').click();
    await page.locator('#values .tree .why', { hasText: 'Empty: no series is called nothing.' }).waitFor();
    assert.deepEqual(await axeFindings(page), []);
  });
});

test('/ and the skip link reach the query bar, and what was asked before is there again', options, async (t) => {
  await withBar(t, async (page, url) => {
    await ask(page, 'first_query');
    await ask(page, 'second_query');
    await page.locator('#summary', { hasText: '2 series' }).waitFor();
    await page.goto(url);
    await page.locator('#editor .cm-content').waitFor();
    await page.keyboard.press('Tab');
    await page.locator('#skip:focus').waitFor();
    await page.keyboard.press('Enter');
    await page.locator('#editor .cm-focused').waitFor();
    await page.locator('#lesson').focus();
    await page.keyboard.press('/');
    await page.locator('#editor .cm-focused').waitFor();
    await page.keyboard.type('a/');
    await page.locator('#editor .cm-content', { hasText: 'a/' }).waitFor();
    await page.locator('button[popovertarget="history-list"]').click();
    assert.deepEqual(await page.locator('#history-list button').allTextContents(), ['second_query', 'first_query']);
    await page.locator('#history-list button').last().click();
    await page.locator('#editor .cm-content', { hasText: 'first_query' }).waitFor();
  });
});
