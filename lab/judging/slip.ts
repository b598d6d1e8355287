import type { Reader } from '../model/reader.ts';
import { durationSeconds } from '../settings/duration.ts';
import { seriesOf } from './answer.ts';
import { type Matcher, replaced, selectorsOf, windowsOf } from './selector.ts';

/** Slips that are not those of one exercise: a name that is not stored, a window of another length. */

/** What was stored in so long is known by its name. */
const knownFor = '1h';

/**
 * The first thing in a query that nothing is stored under, in words; undefined where everything is stored.
 * @param at  the end of the hour in which it is looked for, unix seconds
 */
export const unknownNameIn = async (
  query: string,
  read: Pick<Reader, 'ask' | 'metricNames'>,
  at: number,
): Promise<string | undefined> => {
  const values = async (matchers: readonly Matcher[], label: string): Promise<string[]> => {
    const selector = `{${matchers.map((each) => `${each.label}${each.operator}${JSON.stringify(each.value)}`).join(',')}}`;
    const found = seriesOf(await read.ask(`count by (${label}) (last_over_time(${selector}[${knownFor}]))`, at));
    return found.map(({ labels }) => labels[label] ?? '');
  };
  for (const { text, matchers } of selectorsOf(query)) {
    if ((await values(matchers, '__name__')).length > 0) continue;
    const [names, others] = [true, false].map((isName) =>
      matchers.filter(({ label }) => (label === '__name__') === isName),
    ) as [Matcher[], Matcher[]];
    const name = names.map(({ value }) => value).join();
    if (names.length > 0 && (await values(names, '__name__')).length === 0) {
      const near = nearest(name, await read.metricNames());
      return `no series is named \`${name}\`${near === undefined ? '' : `, but there is \`${near}\``}: ${spelling}`;
    }
    for (const matcher of others) {
      if ((await values([...names, matcher], '__name__')).length > 0) continue;
      const stored = (await values(names, matcher.label)).filter((value) => value !== '').sort(inOrder);
      const own = `no series${name === '' ? '' : ` of \`${name}\``} has`;
      if (stored.length === 0) return `${own} a label \`${matcher.label}\`: ${spelling}`;
      const shown = stored.slice(0, 12).map((value) => `"${value}"`);
      const all = shown.join(', ') + (stored.length > shown.length ? ', …' : '');
      return `${own} ${matcher.label}${matcher.operator}"${matcher.value}": ${spelling} There are ${all}`;
    }
    return `no series is selected by \`${text}\`: ${spelling}`;
  }
  return undefined;
};

const spelling = 'is every name and label value spelt as it is stored?';

/** Numbers by their size, such as the boundaries of buckets. */
const inOrder = (one: string, other: string): number =>
  Number(one.replace('+', '').replace('Inf', 'Infinity')) - Number(other.replace('+', '').replace('Inf', 'Infinity')) ||
  (one < other ? -1 : 1);

/** The name that differs in the fewest characters, and in a quarter of them at most. */
const nearest = (name: string, names: readonly string[]): string | undefined =>
  names
    .map((each) => ({ each, steps: distance(name, each) }))
    .filter(({ steps }) => steps <= name.length / 4)
    .sort((one, other) => one.steps - other.steps)[0]?.each;

/** How many characters have to be changed, added or left out (Levenshtein). */
const distance = (one: string, other: string): number => {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [at, character] of [...one].entries()) {
    const next = [at + 1];
    for (let index = 1; index <= other.length; index += 1) {
      const change = row[index - 1]! + Number(character !== other[index - 1]);
      next.push(Math.min(change, row[index]! + 1, next[index - 1]! + 1));
    }
    row = next;
  }
  return row.at(-1)!;
};

/** The windows of a query, each length once. */
export const windowsIn = (query: string): string[] => {
  const texts = windowsOf(query).map(({ from, to }) => query.slice(from, to));
  return texts.filter((text, index) => texts.findIndex((each) => secondsOf(each) === secondsOf(text)) === index);
};

/** @returns seconds, 0 where it has no window */
export const longestWindowIn = (query: string): number => Math.max(0, ...windowsIn(query).map(secondsOf));

/** Whether two queries look through the same windows. */
export const haveSameWindows = (one: string, other: string): boolean => {
  const [seconds, others] = [one, other].map((query) => windowsIn(query).map(secondsOf).sort().join());
  return seconds === others;
};

/** The same query with another window; undefined where it has none, or that one alone. */
export const withWindow = (query: string, window: string): string | undefined => {
  const windows = windowsIn(query);
  if (windows.every((each) => secondsOf(each) === secondsOf(window))) return undefined;
  return replaced(
    query,
    windowsOf(query).map((part) => ({ ...part, by: window })),
  );
};

/** A window may be written as a plain number of seconds, too. */
const secondsOf = (window: string): number => durationSeconds(window) ?? Number(window);
