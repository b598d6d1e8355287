import { scenarios, scoreSeeds } from '../../lab/backtest/scenarios.ts';
import { scoresOf, storeShifts } from '../../lab/running/backtest.ts';
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
const goalMilliseconds = 1_000;

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
