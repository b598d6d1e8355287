import type { Browser, Page } from 'playwright-core';
import { goTo } from './chromium.ts';

/** Something that moved although nobody had touched the page: by how much (layout shift score), and what. */
export type Shift = { score: number; milliseconds: number; what: string[] };

/** How a page begins: from the request for it to its first picture, and what moves meanwhile and after. */
type FirstLook = {
  page: Page;
  /** until the first picture was drawn */
  milliseconds: number;
  /** what had been asked for by then, in order: paths without parameters */
  asked: string[];
  /** what has moved so far */
  shifts: () => Promise<Shift[]>;
  /** whether it has said meanwhile that a service does not answer, or not in time, which takes other room */
  wasNoticed: () => Promise<boolean>;
};

type Look = { shifts: Shift[]; wasNoticed: boolean; milliseconds?: number };
type Entry = { value: number; hadRecentInput: boolean; startTime: number; sources: { node?: Node | null }[] };
type Node = { nodeName: string; id?: string; className?: string };

/**
 * Opens the guide in a browser that has nothing of it yet.
 * @param url      of the guide, whatever it asks
 * @param options  such as the viewport and the colour scheme
 */
export const firstLook = async (
  browser: Browser,
  url: string,
  options: Parameters<Browser['newPage']>[0] = {},
): Promise<FirstLook> => {
  const page = await browser.newPage(options);
  await watched(page);
  await goTo(page, new URL('/', url).href);
  await page.locator('#chart[data-samples] canvas').waitFor();
  const look = () => lookOf(page);
  const { milliseconds = Number.NaN } = await look();
  const asked = await page.evaluate(
    (until) =>
      performance
        .getEntriesByType('resource')
        .filter(({ startTime }) => startTime < until)
        .map(({ name }) => new URL(name).pathname),
    milliseconds,
  );
  return {
    page,
    milliseconds,
    asked,
    shifts: async () => (await look()).shifts,
    wasNoticed: async () => (await look()).wasNoticed,
  };
};

/** From its next address on, what moves in the page is noted. */
export const watched = (page: Page): Promise<unknown> => page.addInitScript(watch);

/** What has moved so far in a page that is watched. */
export const shiftsIn = async (page: Page): Promise<Shift[]> => (await lookOf(page)).shifts;

/** What has been seen in a page that is watched. */
export const lookOf = (page: Page): Promise<Look> => page.evaluate(() => Reflect.get(globalThis, 'look') as Look);

/** Runs in the page, before its own scripts; it can use nothing from here. */
const watch = () => {
  const look: Look = { shifts: [], wasNoticed: false };
  Reflect.set(globalThis, 'look', look);
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, startTime, sources } of list.getEntries() as unknown as Entry[])
      if (!hadRecentInput) {
        const what = sources.map(({ node }) => `${node?.nodeName}#${node?.id ?? ''}.${node?.className ?? ''}`);
        look.shifts.push({ score: value, milliseconds: startTime, what });
      }
  }).observe({ type: 'layout-shift', buffered: true } as never);
  const { document, MutationObserver } = globalThis as unknown as {
    document: { getElementById: (id: string) => { hidden: boolean; dataset: { command?: string } } | null };
    MutationObserver: new (on: () => void) => { observe: (target: object, options: object) => void };
  };
  new MutationObserver(() => {
    look.milliseconds ??= performance.now();
  }).observe(document, { subtree: true, attributes: true, attributeFilter: ['data-samples'] });
  new MutationObserver(() => {
    const isUnknown = document.getElementById('active')?.dataset.command === '';
    look.wasNoticed ||= isUnknown || document.getElementById('notice')?.hidden === false;
  }).observe(document, { subtree: true, attributes: true, attributeFilter: ['hidden', 'data-command'] });
};
