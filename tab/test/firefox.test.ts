import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { screenshots } from '../../test/support/chromium.ts';
import { until } from '../../test/support/until.ts';
import { noEngine } from './engine.ts';
import { type Firefox, launchFirefox, noFirefox } from './firefox.ts';
import { framed, type Serving, siteServed } from './site.ts';

/** A busy machine may take that long for the page, the engine and an hour of a lesson. */
const longestSeconds = 60;

/** Until a function of the page's body says something. */
const seen = <Result>({ run }: Firefox, what: string, script: string): Promise<unknown> =>
  until(what, longestSeconds, () => run<Result>(script));

const isDrawn = (firefox: Firefox) =>
  seen(firefox, 'the picture', "return document.querySelector('#chart[data-samples] canvas') !== null");

test('the lab in a tab, in Firefox', { skip: noEngine || noFirefox, timeout: 240_000 }, async (t) => {
  const serving: Serving = { isDown: false, isNewer: false };
  const url = await siteServed(t, serving);
  const firefox = await launchFirefox();
  t.after(() => firefox.close());

  await t.test('the first lesson is drawn, and its verdict measured by the PromQL engine', async () => {
    await firefox.open(url);
    await isDrawn(firefox);
    await seen(firefox, 'a verdict', `return document.querySelector('#verdict[data-kind="measured"]') !== null`);
  });

  /** Of the page itself, or of one in a frame. */
  const look = async (page: string, name: string) => {
    await seen(firefox, 'the picture', `return ${page}.querySelector('#chart[data-samples] canvas') !== null`);
    const html = `${page}.documentElement`;
    const [inner, outer] = await firefox.run<[number, number]>(`return [${html}.scrollWidth, ${html}.clientWidth]`);
    mkdirSync(screenshots, { recursive: true });
    writeFileSync(join(screenshots, `tab-firefox-${name}.png`), await firefox.screenshot());
    assert.equal(inner, outer, 'it scrolls sideways');
  };
  await t.test('nothing scrolls sideways on a laptop', () => look('document', '1366'));

  await t.test('it opens without a network', async () => {
    await seen(
      firefox,
      'the service worker',
      "return navigator.serviceWorker.getRegistration().then((each) => each?.active?.state === 'activated')",
    );
    serving.isDown = true;
    await firefox.open(url);
    await isDrawn(firefox);
  });

  await t.test('nor on a phone', async () => {
    serving.isDown = false;
    await firefox.open(new URL(framed, url).href);
    await look("document.querySelector('iframe').contentDocument", '390');
  });
});
