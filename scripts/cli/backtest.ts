import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { experiments } from '../../experiments/catalogue.ts';
import { alertDuration } from '../../lab/backtest/duration.ts';
import { BacktestError } from '../../lab/backtest/evaluate.ts';
import { type Rules, rulesIn } from '../../lab/backtest/rules.ts';
import { scenarios } from '../../lab/backtest/scenarios.ts';
import type { Scenario } from '../../lab/backtest/shift.ts';
import { backtest, storeShifts } from '../../lab/running/backtest.ts';
import { fetchDirect } from '../../lab/running/fetch.ts';
import { quoted } from '../../lab/settings/quoted.ts';
import { backtestJson, backtestText, type ExperimentOf, usage } from './backtested.ts';
import { freeMegabytes } from './memory.ts';
import { print, terminalFrom } from './terminal.ts';

/** What the Prometheus of the shifts takes: a trial needed 58 MB. */
const neededMegabytes = 150;

/** Until that Prometheus answers. */
const startSeconds = 30;

const experimentOf: ExperimentOf = (slug) => experiments.find((each) => each.slug === slug)!;

/**
 * `backtest [--scenario=NAME] [--expr=… [--for=30s] [--keep=60s] | --rules] [--json]`: judges rules in the shifts of a
 * scenario, or says what there is. The file of --rules is read from stdin.
 * @param address  of an empty Prometheus; undefined where only what there is, is asked
 * @returns 0 where no reference rule is better, 1 where one is
 * @throws BacktestError that says what is wrong, and what would be right
 */
export const backtestCommand = async (words: string[], address: string | undefined): Promise<number> => {
  const { values } = parseArgs({
    args: words,
    options: {
      scenario: { type: 'string', default: '' },
      expr: { type: 'string', default: '' },
      for: { type: 'string', default: '' },
      keep: { type: 'string', default: '' },
      rules: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const scenario = scenarioNamed(values.scenario);
  const { colours } = terminalFrom(process.env, process.stdout.isTTY, values.json);
  if (address === undefined) {
    if (values.for || values.keep) throw new BacktestError('FOR and KEEP belong to an expression: EXPR is missing');
    print(usage(values.scenario === '' ? scenarios : [scenario], colours));
    return 0;
  }
  const rules = values.rules ? fileOf(values) : oneRule(values);
  const free = freeMegabytes();
  if (free !== undefined && free < neededMegabytes) {
    throw new BacktestError(`a backtest needs ${neededMegabytes} MB of memory, and ${free} MB are free`);
  }
  await untilReady(address);
  await storeShifts(address, scenario);
  const result = await backtest(address, scenario, rules);
  print(
    values.json
      ? JSON.stringify(backtestJson(result, experimentOf), null, 2)
      : backtestText(result, experimentOf, colours),
  );
  return result.score.saved > 0 && result.beatenBy.length === 0 ? 0 : 1;
};

const scenarioNamed = (name: string): Scenario => {
  const named = scenarios.find((each) => each.name === (name || scenarios[0]!.name));
  if (named !== undefined) return named;
  const choices = scenarios.map((each) => each.name).join(', ');
  throw new BacktestError(`SCENARIO must be one of ${choices}, got ${quoted(name)}`);
};

type Typed = { expr: string; for: string; keep: string };

const oneRule = (typed: Typed): Rules => {
  const times = {
    forSeconds: alertDuration('FOR', typed.for),
    keepFiringForSeconds: alertDuration('KEEP', typed.keep),
  };
  return { records: [], alerts: [{ alert: 'EXPR', expr: typed.expr, ...times }] };
};

const fileOf = (typed: Typed): Rules => {
  for (const [name, value] of [
    ['EXPR', typed.expr],
    ['FOR', typed.for],
    ['KEEP', typed.keep],
  ] as const) {
    if (value !== '')
      throw new BacktestError(`${name} belongs to one rule, and RULES brings its own: leave one of both out`);
  }
  return rulesIn(readFileSync(0, 'utf8'));
};

const untilReady = async (address: string): Promise<void> => {
  const deadline = Date.now() + 1_000 * startSeconds;
  for (;;) {
    const answer = await fetchDirect(`http://${address}/-/ready`, 1_000).catch(() => undefined);
    if (answer?.ok) return;
    if (Date.now() > deadline) {
      throw new BacktestError(`the Prometheus of the shifts has not started within ${startSeconds} s`);
    }
    await sleep(50);
  }
};
