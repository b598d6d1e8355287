import type { Reader } from '../model/reader.ts';
import { AlertLife, type AlertTimes } from '../promql/alert.ts';
import { keyOf, type Series } from '../promql/sample.ts';
import { type Page, Pager } from './pages.ts';
import { beginOf } from './scenarios.ts';
import { evaluationOffset, evaluationSeconds, evaluations, type Scenario, shiftSeconds } from './shift.ts';

/** An alerting rule, as a rules file has it. */
export type AlertRule = { alert: string; expr: string; labels?: Readonly<Record<string, string>> } & AlertTimes;

/** A rule, or what it returned, is none that a backtest can use; the message says why, and what would be right. */
export class BacktestError extends Error {}

/** More alerts than these at once are a mistake in the expression. */
const mostSeries = 1_000;

/** Seconds of the shift in which an alert was pending, and in which it fired; its end where it ended with the shift. */
export type Span = { state: 'pending' | 'firing'; from: number; until: number };

/** What the rules would have done in a shift. */
export type Evaluated = { pages: readonly Page[]; spans: readonly Span[] };

/** What a rule's expression returned: the series that are there, by the second of the shift. */
export type Returned = ReadonlyMap<number, Record<string, string>[]>;

/**
 * What the expression returns at each evaluation of a shift, asked of a Prometheus that holds it.
 * @throws BacktestError where that are too many series; ServiceError where Prometheus refuses it
 */
export const returnedBy = async (
  read: Pick<Reader, 'range'>,
  { expr, labels: own, alert }: AlertRule,
  scenario: Pick<Scenario, 'name'>,
  seed: number,
): Promise<Returned> => {
  const begin = beginOf(scenario, seed);
  const [from, to] = [begin + evaluations[0]!, begin + evaluations.at(-1)!];
  const series = await read.range(expr, from, to, evaluationSeconds);
  if (series.length > mostSeries) {
    throw new BacktestError(
      `${alert} returns ${series.length} series in half an hour, and would page for each: at most ${mostSeries} can be judged. Aggregate it, as in sum by (instance) (…)`,
    );
  }
  const returned = new Map<number, Record<string, string>[]>();
  const keys = new Set<string>();
  for (const { labels, samples } of series) {
    const { __name__, ...rest } = { ...labels, ...own };
    keys.add(keyOf(rest));
    for (const [at] of samples) {
      const second = Math.round(at - begin);
      const others = returned.get(second);
      if (others === undefined) returned.set(second, [rest]);
      else others.push(rest);
    }
  }
  if (keys.size < series.length) requireDistinct(returned, alert, series);
  return returned;
};

/** Prometheus lets such an evaluation fail: two alerts would be one. */
const requireDistinct = (returned: Returned, alert: string, series: readonly Series[]): void => {
  for (const each of returned.values()) {
    if (new Set(each.map(keyOf)).size === each.length) continue;
    const [first] = series;
    throw new BacktestError(
      `${alert} returns several series with the same labels once its own are set and the name is left out, such as ${JSON.stringify(first?.labels)}: Prometheus fails such an evaluation`,
    );
  }
};

/**
 * What the rules do in a shift: pure, from what their expressions returned.
 * @param rules  with what each returned
 */
export const livesOf = (rules: readonly (readonly [AlertRule, Returned])[]): Evaluated => {
  const pager = new Pager();
  const lives = rules.map(([rule, returned]) => ({ rule, returned, life: new AlertLife(rule) }));
  const spans: Span[] = [];
  for (const second of evaluations) {
    for (const { rule, returned, life } of lives) {
      const changes = life.evaluate(returned.get(second) ?? [], second);
      pager.notify(rule.alert, changes, second);
      for (const { activeAt, firedAt } of life.active)
        note(spans, firedAt === undefined ? 'pending' : 'firing', second, activeAt);
    }
  }
  pager.flushUntil(shiftSeconds);
  return { pages: pager.pages, spans };
};

/** Lengthens the span that a second continues, or begins one. */
const note = (spans: Span[], state: Span['state'], second: number, activeAt: number): void => {
  const last = spans.findLast((each) => each.state === state);
  if (last !== undefined && last.until >= second) last.until = second + evaluationSeconds;
  else if (activeAt <= second) spans.push({ state, from: second, until: second + evaluationSeconds });
};

/** @returns what the rules would have done in the shift of a scenario with this seed */
export const evaluated = async (
  read: Pick<Reader, 'range'>,
  rules: readonly AlertRule[],
  scenario: Pick<Scenario, 'name'>,
  seed: number,
): Promise<Evaluated> =>
  livesOf(await Promise.all(rules.map(async (rule) => [rule, await returnedBy(read, rule, scenario, seed)] as const)));

/** The first evaluation that can see what is stored at a second. */
export const seenAt = (second: number): number =>
  evaluationOffset + evaluationSeconds * Math.max(0, Math.ceil((second - evaluationOffset) / evaluationSeconds));
