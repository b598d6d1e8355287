import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { fitsItsWidth } from '../../test/support/chromium.ts';
import { axeFindings } from './axe.ts';

const screens = [
  [390, 844],
  [1366, 768],
  [1440, 900],
  [1920, 1080],
] as const;

/** Nothing scrolls sideways, from a phone to a large screen, and axe finds nothing. @param what  the page shows */
export const isSound = async (page: Page, what: string): Promise<void> => {
  for (const [width, height] of screens) {
    await page.setViewportSize({ width, height });
    await fitsItsWidth(page, `${what}: the page at ${width} px`);
  }
  for (const [width, height] of [screens[0], screens[2]]) {
    await page.setViewportSize({ width, height });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      assert.deepEqual(await axeFindings(page), [], `${what}, ${width} px, ${colorScheme}`);
    }
  }
};
