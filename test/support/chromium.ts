import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page, type ViewportSize } from 'playwright-core';
import { until } from './until.ts';

const program = process.env.CHROMIUM || '/usr/bin/chromium';

const flags = [
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-domain-reliability',
  '--disable-sync',
  '--no-first-run',
  '--no-pings',
];

/** Where tests put what they have seen, for whoever looks into a failure. */
export const screenshots = '.artefacts';

/** Why a test that needs a browser is skipped; false where there is one. */
export const noChromium: string | false = existsSync(program)
  ? false
  : `needs Chromium: there is none at ${program}, and CHROMIUM names no other`;

/** A headless Chromium that asks nothing of the internet. */
export const launchChromium = (): Promise<Browser> =>
  chromium.launch({
    executablePath: program,
    args: process.getuid?.() === 0 ? [...flags, '--no-sandbox'] : flags,
  });

/**
 * That nothing scrolls sideways: at the latest a moment after the page has another width, to which a plot is drawn anew.
 * @param what  completes "… scrolls sideways"
 */
export const fitsItsWidth = async (page: Page, what = 'the page'): Promise<void> => {
  await until(`${what} to fit its width: it scrolls sideways`, 5, () =>
    page.locator('html').evaluate(({ scrollWidth, clientWidth }) => scrollWidth === clientWidth),
  );
};

/** A page, and what its console complains of. */
export type WatchedPage = { page: Page; complaints: string[] };

/** Chromium gives requests up when the machine's networks change, as they do when containers start beside it. */
const isNetworkChange = (text: string) => text.includes('ERR_NETWORK_CHANGED');

/** What is asked for last, once all scripts of the page are there: the guide's first poll. */
const firstPoll = /\/api\//;

/** Opens a page of its own, and listens to its console. @param last  what it asks for last, as it opens */
export const openPage = async (
  browser: Browser,
  url: string,
  { viewport = { width: 1366, height: 768 }, last = firstPoll }: { viewport?: ViewportSize; last?: RegExp } = {},
): Promise<WatchedPage> => {
  const page = await browser.newPage({ viewport });
  const complaints: string[] = [];
  page.on('console', (message) => {
    const isComplaint = ['error', 'warning'].includes(message.type()) && !isNetworkChange(message.text());
    if (isComplaint) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  const forget = () => {
    complaints.length = 0;
  };
  await goTo(page, url, forget, last);
  return { page, complaints };
};

/**
 * Goes to the guide's page, again where a part of it was lost to a change of the networks.
 * @param onAttempt  before each attempt
 */
export const goTo = async (
  page: Page,
  url: string,
  onAttempt: () => void = () => {},
  last: RegExp = firstPoll,
): Promise<void> => {
  let isBroken = false;
  page.on('requestfailed', (request) => {
    if (isNetworkChange(request.failure()?.errorText ?? '')) isBroken = true;
  });
  for (let attempt = 0; attempt < 5; attempt += 1) {
    // An address that differs in nothing, or behind its # alone, is not loaded again.
    if (attempt > 0) await page.goto('about:blank');
    isBroken = false;
    onAttempt();
    // Its scripts load each other: they are there once the last of it has been asked for.
    const isLast = page.waitForResponse(last, { timeout: 15_000 }).then(
      () => true,
      () => false,
    );
    await page.goto(url).catch((error) => {
      if (!isNetworkChange(String(error))) throw error;
      isBroken = true;
    });
    isBroken ||= !(await isLast);
    if (!isBroken) break;
  }
};
