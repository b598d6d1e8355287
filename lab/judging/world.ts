import type { Expected, World, WorldSeries } from '../model/exercise.ts';
import type { Answer } from '../model/reader.ts';
import { isInstant, numberIn, seriesOf, slack } from './answer.ts';
import { calls, type Matcher, replaced, type Selector, selectorsOf } from './selector.ts';

/**
 * A query that is asked of a world instead of the lab: each of its selectors becomes the formulas of the series that it
 * selects, and a window over them a subquery with a sample each second. No other backend is needed, and none is trusted.
 */

/** Second 0 of every world, unix seconds: no sample of the lab is near. */
const origin = 1_000_000_000;

/** Longer than this no query is sent. */
const longest = 100_000;

/** The unix time at which a world is asked, between two of its samples. */
export const timeIn = (second: number): number => origin + second + 0.5;

/**
 * @returns undefined where the query asks for something that the world says nothing of: a metric that it does not have,
 * or when a sample was stored
 */
export const askedIn = ({ series }: World, query: string): string | undefined => {
  const names = new Set(series.map(({ labels }) => labels.__name__!));
  const selectors = selectorsOf(query);
  const knows = ({ matchers }: Selector) =>
    [...names].some((name) =>
      fits(
        { __name__: name },
        matchers.filter(({ label }) => label === '__name__'),
      ),
    );
  if (calls(query, 'timestamp') || selectors.length === 0) return undefined;
  try {
    if (!selectors.every(knows)) return undefined;
    const parts = selectors.map((selector) => ({ ...selector.whole, by: formulaOf(selector, series, query) }));
    const asked = replaced(query, parts);
    return asked.length > longest ? undefined : asked;
  } catch (error) {
    // A regular expression that only Prometheus' own syntax knows, such as one with (?i).
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};

const formulaOf = (
  { to, whole, window, matchers }: Selector,
  series: readonly WorldSeries[],
  query: string,
): string => {
  const selected = series.filter(({ labels }) => fits(labels, matchers)).map(written);
  const vector = `(${selected.length === 0 ? 'vector(1) < 0' : selected.join(' or ')})`;
  // What follows the selector and its window: an offset, or an instant.
  if (window === undefined) return `last_over_time(${vector}[1s:1s]${query.slice(to, whole.to)})`;
  return `${vector}[${window}:1s]${query.slice(query.indexOf(']', to) + 1, whole.to)}`;
};

const written = ({ labels, value, during }: WorldSeries): string => {
  const inTime = (text: string) => text.replaceAll(/\bt\b/g, `(time() - ${origin})`);
  const present = during === undefined ? '' : ` and vector(t) >= ${during[0]} < ${during[1]}`;
  return Object.entries(labels).reduce(
    (vector, [label, text]) => `label_replace(${vector}, "${label}", "${text}", "", "")`,
    inTime(`vector(${value})${present}`),
  );
};

const fits = (labels: Readonly<Record<string, string>>, matchers: readonly Matcher[]): boolean =>
  matchers.every(({ label, operator, value }) => {
    const own = labels[label] ?? '';
    if (operator === '=') return own === value;
    if (operator === '!=') return own !== value;
    return new RegExp(`^(?:${value})$`, 's').test(own) === (operator === '=~');
  });

/**
 * What is right in a world: what the answer gives there, and as much beside it as the world allows.
 * @returns undefined where the answer gives nothing, and something is asked for
 */
export const expectedIn = (world: World, second: number, answer: Answer): Expected | undefined => {
  const { asks, where, tolerance = 0 } = world;
  const series = seriesOf(answer);
  const common = { at: timeIn(second), where };
  if (asks === 'alert') return { ...common, fires: series.length > 0 };
  if (!isInstant(answer) || series.length === 0) return undefined;
  const range = (value: number) => {
    const room = Math.max(slack(value), tolerance * Math.abs(value));
    return [value - room, value + room] as const;
  };
  if (asks === undefined) return { ...common, number: range(numberIn(series[0]!)) };
  const each = series.map((one) => [one.labels[asks.each] ?? '', range(numberIn(one))] as const);
  return { ...common, label: asks.each, each: Object.fromEntries(each) };
};

/**
 * The value of a series that changes at once, such as a gauge: `steps([0, 20], [300, 95])` is 20, and 95 from second
 * 300 on.
 */
export const steps = (...values: readonly (readonly [from: number, value: number])[]): string =>
  values.reduce((text, [from, value], index) => {
    const rise = value - (values[index - 1]?.[1] ?? 0);
    return index === 0 ? String(value) : `${text} + ${rise} * (t >= bool ${from})`;
  }, '');

/**
 * The value of a counter: `counter([0, 2], [60, 5])` rises by 2 a second, and by 5 from second 60 on.
 * @param restartAt  the second of a restart: it goes on from 0
 */
export const counter = (rates: readonly (readonly [from: number, perSecond: number])[], restartAt?: number): string => {
  const total = (at: number) =>
    rates.reduce((sum, [from, rate], index) => sum + (rate - (rates[index - 1]?.[1] ?? 0)) * Math.max(0, at - from), 0);
  const rise = rates
    .map(([from, rate], index) => `${rate - (rates[index - 1]?.[1] ?? 0)} * (t - ${from}) * (t >= bool ${from})`)
    .join(' + ');
  return restartAt === undefined ? rise : `${rise} - ${total(restartAt)} * (t >= bool ${restartAt})`;
};
