import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { openPage } from '../../test/support/chromium.ts';
import { type Check, choose } from './check.ts';

/** Types a query into the bar, whatever stands there, and runs it. */
const ask = async (page: Page, query: string): Promise<void> => {
  await page.locator('#editor .cm-content').focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(query);
  // A suggestion that has come in the meantime would take the Enter.
  await page.keyboard.press('Escape');
  await page.keyboard.press('Enter');
};

const answered = (page: Page, as: string, kind = 'answered') =>
  page.locator(`#answer[data-as="${as}"][data-kind="${kind}"]:not([aria-busy])`).waitFor({ timeout: 15_000 });

const rowsOf = (page: Page) =>
  page.locator('#values tbody tr').evaluateAll((rows) => rows.map((row) => String(Reflect.get(row, 'innerText'))));

/** What the query bar does, in the base lab. */
export const askChecks: [claim: string, check: Check][] = [
  [
    'a query of the list runs in the page with one key',
    async (page) => {
      await choose(page, 'exp-3');
      await page.locator('#lesson[data-command="exp-3"] button.query', { hasText: /^cpu_usage$/ }).press('Enter');
      await answered(page, 'graph');
      await page.locator('#series li', { hasText: 'core="core1"' }).waitFor();
      assert.equal(await page.locator('#series li').count(), 2);
      await choose(page, 'up');
    },
  ],
  [
    'a query of one’s own is a graph, a table and samples, by the keyboard alone',
    async (page) => {
      await ask(page, 'sum(cpu_usage) / count(cpu_usage)');
      await answered(page, 'graph');
      assert.match((await page.textContent('#summary')) ?? '', /^1 series · every 1 s from [\d:]+ to [\d:]+ UTC/);
      // The buttons run, add and history, then the chosen tab.
      for (let times = 0; times < 4; times += 1) await page.keyboard.press('Tab');
      await page.keyboard.press('ArrowRight');
      await answered(page, 'table');
      await page.locator('#values tbody tr').first().waitFor();
      assert.match((await rowsOf(page)).join(), /^[\d.]+$/);
      await page.keyboard.press('ArrowRight');
      await answered(page, 'samples', 'samples');
      await page.locator('#values .selector h3', { hasText: 'cpu_usage 2 series' }).waitFor();
      assert.match((await rowsOf(page))[0] ?? '', /^\d\d:\d\d:\d\d\.\d{3}\s[\d.]+/);
      await page.keyboard.press('ArrowRight');
      await answered(page, 'parts', 'parts');
      await page.locator('#values .tree li', { hasText: 'sum(cpu_usage) 1 series' }).first().waitFor();
      for (const tab of ['targets', 'rules', 'alerts', 'verdict']) {
        await page.keyboard.press('ArrowRight');
        await page.locator(`#tab-${tab}[aria-selected="true"]`).waitFor();
      }
      await page.locator('#verdict .findings, #verdict .state').waitFor();
    },
  ],
  [
    'who answers is chosen beside the query, and one that does not run is named',
    async (page) => {
      assert.equal(await page.locator('#of-label').isVisible(), false);
      const other = await page.context().browser()!.newPage();
      await other.goto(new URL('/#query=up&as=table&of=shard-a', page.url()).href);
      await answered(other, 'table', 'failed');
      assert.match((await other.textContent('#values')) ?? '', /^shard-a does not (run|answer)/);
      await other.locator('#of').selectOption('Prometheus');
      await answered(other, 'table');
      assert.match(other.url(), /#query=up&as=table/);
      assert.doesNotMatch(other.url(), /of=/);
      await other.close();
    },
  ],
  [
    'the samples in the window are marked, and they are as many as the query counts at that instant',
    async (page) => {
      await page.locator('#tab-samples').click();
      await ask(page, 'count_over_time(memory_usage_simulated[1m])');
      // This lab has only just started: some scrapes have to be there.
      await page.locator('#values h3', { hasText: 'memory_usage_simulated' }).waitFor();
      await page.locator('#values tr.read').nth(2).waitFor({ timeout: 40_000 });
      // A scrape that is under way now would be stored between the two answers.
      const instant = new Date(Date.now() - 4_000).toISOString().slice(11, 19);
      await page.locator('#at').fill(instant);
      await page.locator('#at').press('Enter');
      await page.locator('#values h3', { hasText: `at ${instant} UTC the query reads 60 s of it` }).waitFor();
      const marked = await page.locator('#values tr.read').count();
      await page.locator('#tab-table').click();
      await answered(page, 'table');
      await page.locator('#summary', { hasText: `at ${instant} UTC` }).waitFor();
      assert.ok(marked > 0, `${marked} samples in a minute`);
      assert.match((await rowsOf(page)).join(), new RegExp(`\\b${marked}$`));
      await page.locator('#at').fill('');
      await page.locator('#at').press('Enter');
    },
  ],
  [
    'an error is shown in Prometheus’ own words, and an empty answer is called no error',
    async (page) => {
      await ask(page, 'rate(requests_total)');
      await answered(page, 'table', 'refused');
      assert.match((await page.textContent('#values')) ?? '', /^Prometheus: .*expected type range vector/);
      await ask(page, 'fake_metric');
      await answered(page, 'table');
      await page.locator('#values', { hasText: 'An empty answer is no error' }).waitFor();
    },
  ],
  [
    'what is no finite number, a text and a number alone have their words',
    async (page) => {
      const values = page.locator('#values');
      await page.locator('#tab-table').click();
      for (const [query, value] of [
        ['1 / 0', '+Inf'],
        ['vector(NaN)', 'NaN'],
        ['"a text"', 'a text'],
        ['42', '42'],
      ] as const) {
        await ask(page, query);
        await values.locator('td', { hasText: value }).waitFor();
        assert.deepEqual(await rowsOf(page), [value], query);
      }
      await page.locator('#tab-graph').click();
      await ask(page, 'vector(NaN)');
      await page.locator('#summary', { hasText: 'some values are no finite numbers and are not drawn' }).waitFor();
      await ask(page, '"a text"');
      await values.filter({ hasText: /^Prometheus: .*expression type "string"/ }).waitFor();
      await page.locator('#tab-samples').click();
      await ask(page, '42');
      await values.filter({ hasText: 'reads no stored samples' }).waitFor();
    },
  ],
  [
    'the address holds the range, the instant and the step as well',
    async (page) => {
      const { origin } = new URL(page.url());
      const at = Math.floor(Date.now() / 1_000) - 60;
      const browser = page.context().browser()!;
      const { page: instant } = await openPage(browser, `${origin}/#query=time()&as=table&at=${at}&seconds=900`);
      await instant.locator('#values td', { hasText: String(at) }).waitFor();
      await instant.locator('#windows [data-seconds="900"][aria-pressed="true"]').waitFor();
      assert.equal(await instant.locator('#at').inputValue(), new Date(at * 1_000).toISOString().slice(11, 19));
      await instant.close();
      const { page: range } = await openPage(browser, `${origin}/#query=up&as=graph&seconds=300&step=30`);
      await range.locator('#summary', { hasText: 'every 30 s from' }).waitFor();
      assert.equal(await range.locator('#step').inputValue(), '30');
      // An address that nobody has made by clicking: what is wrong in it is passed over or refused in words.
      const { page: odd } = await openPage(browser, `${origin}/#query=up&as=poem&at=never&seconds=-1&step=1e99`);
      await answered(odd, 'graph', 'failed');
      assert.match((await odd.textContent('#values')) ?? '', /^step must be a number from 1 to 120/);
      for (const each of [range, odd]) await each.close();
    },
  ],
  [
    'at most 50 series are drawn, and the page says how many there are',
    async (page) => {
      await page.locator('#tab-graph').click();
      await ask(page, '{job=~".+"}');
      await page.locator('#summary', { hasText: /^50 of (\d{2,}|over \d+) series shown/ }).waitFor({ timeout: 15_000 });
      assert.equal(await page.locator('#series li').count(), 50);
    },
  ],
  [
    'completion knows the names of the metrics',
    async (page) => {
      await page.locator('#editor .cm-content').focus();
      await page.keyboard.press('ControlOrMeta+a');
      await page.keyboard.type('avg(cpu_usage_si');
      await page.locator('.cm-tooltip-autocomplete li', { hasText: 'cpu_usage_simulated' }).waitFor();
      // The editor takes no Enter for a list that has only just appeared.
      await page.waitForTimeout(200);
      await page.keyboard.press('Enter');
      await page.locator('#editor .cm-content', { hasText: 'avg(cpu_usage_simulated)' }).waitFor();
    },
  ],
  [
    'the address holds the query: whoever opens it sees the same, and the way back leads to the one before',
    async (page) => {
      await page.locator('#tab-table').click();
      await ask(page, 'vector(7)');
      await answered(page, 'table');
      const { page: other, complaints } = await openPage(page.context().browser()!, page.url());
      await answered(other, 'table');
      await other.locator('#values tbody tr').first().waitFor();
      assert.deepEqual(await rowsOf(other), ['7']);
      assert.deepEqual(complaints, []);
      await other.close();
      await ask(page, 'vector(8)');
      await page.locator('#values td', { hasText: /^8$/ }).waitFor();
      await page.goBack();
      await page.locator('#values td', { hasText: /^7$/ }).waitFor();
      await page.locator('#tab-verdict').click();
    },
  ],
];
