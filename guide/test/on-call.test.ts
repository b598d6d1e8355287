import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beginOf, scenarios, seeds } from '../../lab/backtest/scenarios.ts';
import { evaluations, type Scenario, scrapeSeconds, shiftSeconds } from '../../lab/backtest/shift.ts';
import type { Reader } from '../../lab/model/reader.ts';
import type { Sample, Series } from '../../lab/promql/sample.ts';
import { judgeTyped, references, shownScenario } from '../../lab/running/on-call.ts';
import { placesFrom } from '../../lab/running/places.ts';
import { noChromium } from '../../test/support/chromium.ts';
import { shiftsIn, watched } from '../../test/support/first-look.ts';
import { edgeOf } from '../page/on-call/edge.ts';
import { createOnCall, type OnCallPage, typedRuleIn } from '../src/on-call.ts';
import { inBrowser, servePage } from './served-page.ts';
import { isSound } from './sound.ts';

const hosts = scenarios.find(({ name }) => name === 'hosts')!;
const down = 'up{job="node"} == 0';

/** Answers one expression as Prometheus does, and every other one with nothing. */
const readerOf = (scenario: Scenario): Pick<Reader, 'range' | 'ask'> => ({
  ask: async (expr) =>
    expr.endsWith('==')
      ? { refused: 'invalid parameter "query": 1:16: parse error: unexpected end of input' }
      : { type: 'vector', series: [] },
  range: async (expr, from) => {
    if (expr !== down) return [];
    const seed = seeds.find((each) => Math.abs(beginOf(scenario, each) - from) < shiftSeconds)!;
    return scenario.shift(seed).series.flatMap(({ labels, samples, staleAt }): Series[] => {
      if (labels.__name__ !== 'up' || labels.job !== 'node') return [];
      const stale = new Set(staleAt);
      const values = new Map(samples);
      const found = evaluations.flatMap((second): Sample[] => {
        const scrape = Math.floor(second / scrapeSeconds) * scrapeSeconds;
        const isZero = !stale.has(scrape) && values.get(scrape) === 0;
        return isZero ? [[beginOf(scenario, seed) + second, 0]] : [];
      });
      return found.length === 0 ? [] : [{ labels, samples: found }];
    });
  },
});

const experimentOf = () => ({ number: 6, title: 'Alerting' });

/** As the guide's, but for who holds the shifts. */
const heldBy = (read: () => Pick<Reader, 'range' | 'ask'> | undefined): OnCallPage => ({
  scenario: (name) => shownScenario(name, experimentOf),
  judge: async (name, typed) => {
    const own = read();
    if (own === undefined) return { kind: 'absent', type: 'make oncall' };
    if (typed === undefined) return references(own, name);
    return judgeTyped(own, name, typed, [], experimentOf);
  },
});

test('without the Prometheus of the shifts the guide says what brings it', async () => {
  const { judge } = createOnCall({ ...placesFrom({}), reach: () => undefined });
  assert.deepEqual(await judge('errors', undefined), { kind: 'absent', type: 'make oncall' });
});

for (const [query, words] of [
  [{ x: '1' }, 'unknown parameter "x": use scenario, expr, for, keep'],
  [{ expr: ['up', 'up'] }, 'expr must be a text of at most 4000 characters'],
  [{ for: '30s' }, 'for and keep belong to an expression: expr is missing'],
] as const) {
  test(`a rule is refused: ${words}`, () => {
    assert.throws(() => typedRuleIn(query), { message: words });
  });
}
test('a rule is read, and what it leaves out is empty', () => {
  assert.deepEqual(typedRuleIn({ scenario: 'errors', expr: 'up' }), { expr: 'up', for: '', keep: '' });
  assert.equal(typedRuleIn({ scenario: 'errors' }), undefined);
});

test('a rule is judged in the shifts that count and shown in the others; a wrong one is refused with its place', async () => {
  const read = readerOf(hosts);
  const judge = (expr: string, forText = '') =>
    judgeTyped(read, hosts.name, { expr, for: forText, keep: '' }, [], experimentOf);
  const judged = await judge(down);
  assert.ok(judged.kind === 'judged');
  // As Prometheus has it: see the table of docs/on-call.md and make backtest.
  const { score, shifts } = judged;
  assert.deepEqual([Math.round(100 * score.saved), score.pages, score.useful], [97, 131, 60]);
  assert.deepEqual(
    shifts.map(({ seed }) => seed),
    seeds.slice(0, 20),
  );
  const shown = shownScenario(hosts.name, experimentOf);
  for (const [index, { pages, saved, spans }] of shifts.entries()) {
    const { events } = shown.shifts[index]!;
    assert.ok(pages.length > 0 && spans.some(({ state }) => state === 'firing'));
    for (const { event, kind } of pages) if (kind === 'useful') assert.match(events[event!]!.what, /dead|died|reboot/);
    for (const { event } of saved) assert.ok(events[event]!.avoidable > 0);
  }
  const refused = await judge('up{job="node"} ==');
  assert.deepEqual(refused.kind === 'refused' && refused.place, { line: 1, column: 16 });
  const late = await judge(down, '1h');
  assert.match(late.kind === 'refused' ? late.reason : '', /^for must be shorter than a shift/);
});

test('the edge is made of the rules that no other beats in both', () => {
  const dot = (saved: number, useless: number) => ({
    score: { saved, useless: { false: useless, 'not worth a page': 0, 'too late': 0, repeat: 0 } } as never,
  });
  assert.deepEqual(edgeOf([dot(0.9, 50), dot(0.5, 3), dot(0.5, 9), dot(0.8, 60), dot(0.4, 1)]), [
    { useless: 1, saved: 0.4 },
    { useless: 3, saved: 0.5 },
    { useless: 50, saved: 0.9 },
  ]);
});

test('the page On call: what is missing, a rule refused, judged, and looked at with the keyboard', {
  skip: noChromium,
  timeout: 120_000,
}, async (t) => {
  let isHeld = false;
  const url = await servePage(t, { onCall: heldBy(() => (isHeld ? readerOf(hosts) : undefined)) });
  await inBrowser(url, async (_, browser) => {
    const page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    await watched(page);
    await page.goto(`${url}/on-call`);
    await page.locator('#deserves', { hasText: 'more than 1 % of the requests fail' }).waitFor();
    await page.locator('#front', { hasText: 'make oncall' }).waitFor();
    isHeld = true;
    await page.locator('#front svg').waitFor();
    await page.locator('#editor .cm-content').waitFor();
    const moved = await shiftsIn(page);
    assert.ok(moved.reduce((sum, { score }) => sum + score, 0) <= 0.01, JSON.stringify(moved));

    await page.locator('#scenarios button', { hasText: 'hosts' }).click();
    await page.locator('#task-title', { hasText: hosts.title }).waitFor();
    await page.locator('#score tbody tr', { hasText: 'up is 0 for 30 s' }).waitFor();
    const type = async (expr: string) => {
      await page.locator('#editor .cm-content').click();
      await page.keyboard.press('ControlOrMeta+a');
      await page.keyboard.insertText(expr);
      await page.keyboard.press('Enter');
    };
    await type('up{job="node"} ==');
    await page.locator('#said', { hasText: 'Prometheus refuses the expression: ' }).waitFor();
    assert.match((await page.locator('#said mark').textContent())!, /=/);
    await type(down);
    await page.locator('#said', { hasText: '97 % saved. ' }).waitFor();
    const cells = await page.locator('#score .own td').allTextContents();
    assert.deepEqual(cells.slice(0, 5), ['◆', '97 %', '131', '60', '71']);
    assert.ok((await page.locator('#shifts .firing').count()) >= 20);
    assert.equal(await page.locator('#front .own').count(), 2);

    await page.locator('#worst button').first().click();
    assert.match((await page.locator('#readout').textContent())!, /^Shift \d+, 09:\d\d:\d\d UTC · /);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    const chosen = page.locator('.strip:focus');
    assert.equal(await chosen.getAttribute('aria-valuetext'), await page.locator('#readout').textContent());
    assert.match(page.url(), /#scenario=hosts&expr=up/);
    await isSound(page, 'judged');
    assert.deepEqual(complaints, []);
    await page.close();
  });
});
