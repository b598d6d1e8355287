import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { fitsItsWidth } from '../../test/support/chromium.ts';
import { firstLook } from '../../test/support/first-look.ts';
import { axeFindings } from './axe.ts';
import type { Check } from './check.ts';

/** A phone, a tablet, a laptop, a large screen. */
const viewports = [
  { width: 390, height: 844 },
  { width: 768, height: 1024 },
  { width: 1366, height: 768 },
  { width: 1920, height: 1080 },
];
const colours = ['light', 'dark'] as const;

/** Browsers call a page steady up to 0.1: this is a tenth of that. */
const mostShift = 0.01;
/** Every part of the page has been asked for twice by then. */
const watchedMilliseconds = 3_500;

/** What is promised of the page as it opens, whatever the screen. */
export const firstLookChecks: [claim: string, check: Check][] = [
  [
    'the first picture waits for what is active and for itself alone; the editor comes after it',
    async (page, lab) => {
      const { page: own, asked, milliseconds } = await firstLook(page.context().browser()!, page.url());
      const count = (path: string) => asked.filter((each) => each === path).length;
      assert.deepEqual(
        [count('/api/picture'), asked.filter((path) => path.startsWith('/assets/editor')).length],
        [1, 0],
        asked.join(' '),
      );
      await own.locator('#editor .cm-content').waitFor();
      await own.close();
      // Depends on the machine, so it is printed and not asserted: make bench measures it.
      lab.say(`  the first picture was there after ${Math.round(milliseconds)} ms`);
    },
  ],
  [
    'a script or a style sheet that breaks off while the page loads is fetched again by itself',
    async (page) => {
      for (const file of ['main.js', 'main.css']) {
        const own = await page.context().browser()!.newPage();
        await own.route(`**/assets/${file}`, (route) => route.abort('internetdisconnected'), { times: 1 });
        const fetchedAgain = own.waitForResponse(`**/assets/${file}`);
        await own.goto(new URL('/', page.url()).href);
        await fetchedAgain;
        await own.locator('#chart[data-samples] canvas').waitFor();
        await own.close();
      }
    },
  ],
  [
    'nothing moves when the data arrive, nothing scrolls sideways, and axe finds nothing, from 390 to 1920 px',
    async (page) => {
      type Screen = [viewport: (typeof viewports)[number], colorScheme: (typeof colours)[number]];
      const steady = async (tries: number, ...screen: Screen): Promise<void> => {
        const [viewport, colorScheme] = screen;
        const look = await firstLook(page.context().browser()!, page.url(), { viewport, colorScheme });
        const what = `${viewport.width} px, ${colorScheme}`;
        await look.page.locator('#verdict :is(.findings, .state)').waitFor();
        await delay(watchedMilliseconds);
        // On a machine that is busy with something else a service may be late: the page says so, and that moves it.
        if ((await look.wasNoticed()) && tries > 1) {
          await look.page.close();
          return steady(tries - 1, ...screen);
        }
        const shifts = await look.shifts();
        const moved = shifts.reduce((sum, { score }) => sum + score, 0);
        assert.ok(moved <= mostShift, `${what}: ${JSON.stringify(shifts)}`);
        await fitsItsWidth(look.page, what);
        assert.deepEqual(await axeFindings(look.page), [], what);
        await look.page.close();
      };
      // Most of the time is spent watching.
      for (const colour of colours) await Promise.all(viewports.map((viewport) => steady(5, viewport, colour)));
    },
  ],
];
