import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchChromium, noChromium } from '../../test/support/chromium.ts';
import { measureAdvances } from './advances.ts';
import { generated, plain } from './generated.ts';
import { believed, gridWidths, type PagePanel, pageOf } from './grafana-page.ts';

const table = join(import.meta.dirname, '../src/advances.json');
const skip = noChromium;
let browser: Browser;
let page: Page;
before(async () => {
  if (skip) return;
  browser = await launchChromium();
  page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
});
after(() => browser?.close());

/** Those of a page's elements that show less than they hold. */
const cut = (selector: string): Promise<string[]> =>
  page
    .locator(selector)
    .evaluateAll((elements) =>
      (elements as unknown as Box[])
        .filter((box) => box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight)
        .map(
          (box) =>
            `${box.scrollWidth} × ${box.scrollHeight} in ${box.clientWidth} × ${box.clientHeight}: ${box.textContent.slice(0, 50)}`,
        ),
    );
type Box = {
  scrollWidth: number;
  scrollHeight: number;
  clientWidth: number;
  clientHeight: number;
  textContent: string;
};

for (const [layout, width] of Object.entries(gridWidths)) {
  test(`${layout}: no title is cut, nothing scrolls, no text is higher than believed`, { skip }, async () => {
    for (const dashboard of generated) {
      const panels = plain(dashboard).panels as PagePanel[];
      await page.setContent(pageOf(panels, width));
      await page.evaluate('document.fonts.ready');
      assert.deepEqual(await cut('h2'), [], dashboard.uid);
      assert.deepEqual(await cut('.words'), [], dashboard.uid);
      const heights = await page
        .locator('.measured')
        .evaluateAll((all) => all.map((each) => (each as unknown as { offsetHeight: number }).offsetHeight));
      const texts = panels.filter(({ type }) => type === 'text');
      texts.forEach((panel, index) => {
        const [height, most] = [heights[index]!, believed(panel, width)];
        assert.ok(height <= most && height >= most - 44, `${dashboard.uid}, ${panel.title}: ${height} px, not ${most}`);
      });
    }
  });
}

test("the widths of characters are the font's (else: UPDATE=1 node --import tsx --test grafana/test/browser.test.ts)", {
  skip,
}, async () => {
  const measured = await measureAdvances(page);
  if (process.env.UPDATE === '1') writeFileSync(table, JSON.stringify(measured));
  assert.deepEqual(JSON.parse(readFileSync(table, 'utf8')), measured);
});
