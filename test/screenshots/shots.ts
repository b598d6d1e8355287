import type { Page } from 'playwright-core';

/** One picture of the documents: in which state of the lab it is made, and what is done to the page before. */
type Shot = {
  /** in docs/ */
  file: string;
  /** what is typed before: `make up`, `make exp-5` */
  step: string;
  /** what is typed with it */
  settings?: readonly string[];
  /** how high the window is, where not all would fit */
  height?: number;
  /** what is shown: the whole page by default */
  part?: string;
  prepare: (page: Page) => Promise<void>;
};

const measured = (page: Page) => page.locator('#verdict[data-kind="measured"]').waitFor({ timeout: 180_000 });
/** So long after something has happened its lines are long enough to be looked at. */
const linesMilliseconds = 40_000;

/** Opens the turn of experiment 4 and has a query judged. */
const judged = async (page: Page, query: string, said: string) => {
  await page.locator('button[data-command="exp-4"]').click();
  await page.locator('#tab-turn').click();
  const exercise = page.locator('#turn .exercise').first();
  await exercise.locator('.cm-content').click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(query);
  await exercise.locator('button[type="submit"]').click();
  await exercise.locator('.result', { hasText: said }).waitFor({ timeout: 60_000 });
};

/** Shots of the same step follow each other. */
export const shots: readonly Shot[] = [
  {
    file: 'turn-wrong.png',
    step: 'up',
    part: '#lower',
    prepare: (page) => judged(page, 'sum(cpu_usage)', 'Not yet'),
  },
  {
    file: 'turn-right.png',
    step: 'up',
    part: '#lower',
    prepare: (page) => judged(page, 'avg without (core) (cpu_usage)', 'Right at'),
  },
  {
    file: 'picture-alerting.png',
    step: 'exp-6',
    part: '#picture',
    prepare: async (page) => {
      await page.locator('#counts', { hasText: 'from PENDING to the notification' }).waitFor({ timeout: 180_000 });
      await page.waitForTimeout(linesMilliseconds);
    },
  },
  {
    file: 'picture-incident.png',
    step: 'incident',
    settings: ['SEED=8', 'LEVEL=1'],
    part: '.debrief',
    height: 1_400,
    prepare: async (page) => {
      await page.locator('#tab-turn').click();
      const form = page.locator('#turn .incident');
      await form.waitFor();
      // All of seed 8 is over and its alerts have ended after so long.
      await page.waitForTimeout(230_000);
      await form.locator('button', { hasText: 'Show me' }).click();
      await page.locator('.debrief canvas').waitFor();
      await page.waitForTimeout(1_000);
    },
  },
  {
    file: 'picture-backtest.png',
    step: 'oncall',
    part: 'main',
    height: 1_100,
    prepare: async (page) => {
      const failed = 'http_requests_total{code="500"}';
      const rule = {
        scenario: 'errors',
        expr: `sum(rate(${failed}[20s])) / sum(rate(http_requests_total[20s])) > 0.01 and sum(increase(${failed}[20s])) > 2`,
        for: '30s',
        keep: '60s',
      };
      await page.goto(new URL(`/on-call#${new URLSearchParams(rule)}`, page.url()).href);
      await page.locator('#main[data-judged]').waitFor({ timeout: 120_000 });
      await page.locator('#worst button').last().click();
      // A focus ring would say more than it means here; the cursor stays.
      await page.locator('.strip:focus').blur();
    },
  },
  {
    file: 'guide.png',
    step: 'exp-5',
    prepare: async (page) => {
      await measured(page);
      await page.waitForTimeout(linesMilliseconds);
    },
  },
  {
    file: 'picture-percentiles.png',
    step: 'exp-11',
    part: '#picture',
    prepare: async (page) => {
      await measured(page);
      await page.waitForTimeout(linesMilliseconds);
    },
  },
];
