import type { Page } from 'playwright-core';
import { createOnCall } from '../../guide/src/on-call.ts';
import { servePage } from '../../guide/test/served-page.ts';
import { scenarios, scoreSeeds } from '../../lab/backtest/scenarios.ts';
import { storeShifts } from '../../lab/running/backtest.ts';
import { scoresOf } from '../../lab/running/played.ts';
import { launchChromium } from '../support/chromium.ts';
import { median } from '../support/quantile.ts';
import { startShiftsPrometheus } from '../support/shifts.ts';
import { short, table } from '../support/table.ts';
import { residentMegabytes } from './served.ts';

/** What make backtest takes in one scenario. A rule is judged in twenty shifts. */
export type Backtested = {
  scenario: string;
  startMilliseconds: number;
  storeMilliseconds: number;
  ruleMilliseconds: { median: number; worst: number };
  megabytes: number;
};

/** The goal: from Enter to the picture. */
export const goalMilliseconds = 1_000;

const timed = async <Result>(work: Promise<Result>): Promise<[milliseconds: number, result: Result]> => {
  const begun = performance.now();
  const result = await work;
  return [performance.now() - begun, result];
};

export const benchBacktest = async (rounds: number, progress: (line: string) => void): Promise<Backtested[]> => {
  const measured: Backtested[] = [];
  for (const scenario of scenarios) {
    progress(`backtest: ${scenario.name}`);
    const [startMilliseconds, prometheus] = await timed(startShiftsPrometheus());
    try {
      const [storeMilliseconds] = await timed(storeShifts(prometheus.address, scenario));
      const rules: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        for (const { name, ...reference } of scenario.references) {
          const rule = { alert: name, ...reference };
          rules.push((await timed(scoresOf(prometheus.read, scenario, [rule], scoreSeeds)))[0]);
        }
      }
      measured.push({
        scenario: scenario.name,
        startMilliseconds,
        storeMilliseconds,
        ruleMilliseconds: { median: median(rules), worst: Math.max(...rules) },
        megabytes: await residentMegabytes(prometheus.port),
      });
    } finally {
      await prometheus.stop();
    }
  }
  return measured;
};

export const backtestTable = (measured: readonly Backtested[]): string =>
  table(
    `make backtest: a rule in ${scoreSeeds.length} shifts (goal: under ${goalMilliseconds} ms)`,
    ['scenario', 'start ms', 'store ms', 'rule ms', 'worst', 'goal', 'MB'],
    measured.map(({ scenario, startMilliseconds, storeMilliseconds, ruleMilliseconds, megabytes }) => [
      scenario,
      short(startMilliseconds),
      short(storeMilliseconds),
      short(ruleMilliseconds.median),
      short(ruleMilliseconds.worst),
      ruleMilliseconds.worst < goalMilliseconds ? 'met' : 'missed',
      short(megabytes),
    ]),
  );

/** What the guide's page On call takes: from nothing to the reference rules of all scenarios, and from Enter to the picture. */
export type OnCallMeasured = { firstMilliseconds: number; pageMilliseconds: { median: number; worst: number } };

/** Every reference rule is typed as often as there are rounds, in Chromium. */
export const benchOnCall = async (rounds: number, progress: (line: string) => void): Promise<OnCallMeasured> => {
  const ends: (() => unknown)[] = [];
  try {
    const prometheus = await startShiftsPrometheus();
    ends.push(prometheus.stop);
    const browser = await launchChromium();
    ends.push(() => browser.close());
    const onCall = createOnCall({ reach: () => `http://${prometheus.address}` });
    const url = await servePage({ after: (end) => ends.push(end as () => unknown) }, { onCall });
    const page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
    const { firstMilliseconds, taken } = await measureOnCall(page, `${url}/on-call`, rounds, progress);
    return { firstMilliseconds, pageMilliseconds: { median: median(taken), worst: Math.max(...taken) } };
  } finally {
    for (const end of ends.reverse()) await end();
  }
};

/**
 * Every reference rule is typed, as often as there are rounds.
 * @param address  of the page On call, whoever holds its shifts
 * @returns until all reference rules were judged the first time, and each time from Enter to the picture
 */
export const measureOnCall = async (
  page: Page,
  address: string,
  rounds: number,
  progress: (line: string) => void,
): Promise<{ firstMilliseconds: number; taken: number[] }> => {
  const show = async (name: string): Promise<void> => {
    await page.goto(`${address}#scenario=${name}`);
    await page.reload();
    await page.locator('#front svg').waitFor({ timeout: 120_000 });
  };
  const all = async () => {
    for (const { name } of scenarios) await show(name);
  };
  const [firstMilliseconds] = await timed(all());
  const taken: number[] = [];
  for (const scenario of scenarios) {
    progress(`the page On call, ${scenario.name}`);
    await show(scenario.name);
    await page.locator('#editor .cm-content').waitFor();
    let judged = 0;
    for (let round = 0; round < rounds; round += 1) {
      for (const { expr } of scenario.references) {
        await page.locator('#editor .cm-content').click();
        await page.keyboard.press('ControlOrMeta+a');
        await page.keyboard.insertText(expr);
        judged += 1;
        const drawn = page.locator(`#main[data-judged="${judged}"]`).waitFor({ timeout: 60_000 });
        taken.push((await timed(page.keyboard.press('Enter').then(() => drawn)))[0]);
      }
    }
  }
  return { firstMilliseconds, taken };
};

export const onCallTable = ({ firstMilliseconds, pageMilliseconds }: OnCallMeasured): string =>
  table(
    `the page On call (goal: under ${goalMilliseconds} ms from Enter to the picture)`,
    ['all shifts stored, references judged ms', 'from Enter ms', 'worst', 'goal'],
    [
      [
        short(firstMilliseconds),
        short(pageMilliseconds.median),
        short(pageMilliseconds.worst),
        pageMilliseconds.worst < goalMilliseconds ? 'met' : 'missed',
      ],
    ],
  );
