import type { Answer } from '../src/ask/answer.ts';
import { element } from './dom.ts';
import { clock, clockWithMilliseconds, count, seconds } from './words.ts';

type Answered = Extract<Answer, { kind: 'answered' }>;
type Samples = Extract<Answer, { kind: 'samples' }>;
type Series = Answered['series'][number];

/** So many rows of samples are drawn for a series, the newest. */
const mostRows = 120;

/** A series as PromQL writes it. */
export const seriesName = ({ __name__: name = '', ...labels }: Record<string, string>) => {
  const matchers = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return matchers.length === 0 && name !== '' ? name : `${name}{${matchers.join(', ')}}`;
};

/** An instant's values: a row for each series, a column for each label. */
export const valueTable = ({ type, series }: Answered) => {
  if (type === 'matrix') return element('div', {}, ...series.map((each) => sampleTable(each, undefined)));
  const names = [...new Set(series.flatMap(({ labels }) => Object.keys(labels)))].sort(nameFirst);
  const head = [...names.map((name) => (name === '__name__' ? 'name' : name)), 'value'];
  const rows = series.map(({ labels, samples }) => [...names.map((name) => labels[name] ?? ''), samples[0]?.[1] ?? '']);
  return table(head, rows);
};

const nameFirst = (one: string, other: string) =>
  Number(other === '__name__') - Number(one === '__name__') || one.localeCompare(other);

/** The stored samples behind a query, by selector and series. */
export const sampleTables = ({ selectors, at }: Samples) => {
  if (selectors.length === 0) return element('p.quiet', {}, 'This query reads no stored samples: it has no selector.');
  return element(
    'div',
    {},
    ...selectors.map(({ text, windowSeconds, series, total, to }) =>
      element(
        'section.selector',
        {},
        element(
          'h3',
          {},
          element('code', {}, text),
          ` ${many(total, series.length)}; at ${clock(at)} UTC the query reads ${seconds(windowSeconds)} of it`,
        ),
        ...series.map((each) => sampleTable(each, [to - windowSeconds, to])),
      ),
    ),
  );
};

const many = (total: number, shown: number) =>
  total > shown ? `${shown} of ${total} series` : count(total, 'series', 'series');

/**
 * One series' samples, the newest first.
 * @param read  the window that the query reads, open on the left
 */
const sampleTable = ({ labels, samples }: Series, read: [number, number] | undefined) => {
  const rows = samples.map(([at, value], index) => {
    const before = samples[index - 1];
    const isRead = read !== undefined && at > read[0] && at <= read[1] + 0.001;
    return { cells: [clockWithMilliseconds(at), value, before ? seconds(at - before[0], 3) : ''], isRead };
  });
  const newest = rows.slice(-mostRows).reverse();
  const inWindow = rows.filter(({ isRead }) => isRead).length;
  const words =
    read === undefined
      ? count(samples.length, 'sample')
      : `${count(samples.length, 'sample')}, ${inWindow} in the window`;
  const older = rows.length > newest.length ? `; the newest ${newest.length} are listed` : '';
  return element(
    'figure.samples',
    {},
    element('p', {}, element('code', {}, seriesName(labels)), element('span.quiet', {}, ` ${words}${older}`)),
    table(
      ['scraped at, UTC', 'value', 'after'],
      newest.map(({ cells }) => cells),
      newest.map(({ isRead }) => isRead),
      `Samples of ${seriesName(labels)}${read === undefined ? '' : ` in ${seconds(read[1] - read[0])}`}`,
    ),
  );
};

/**
 * @param marked  rows that stand out
 * @param label  what it is called among several with the same head
 */
const table = (head: string[], rows: string[][], marked: boolean[] = [], label = named(head)) =>
  scrolling(
    label,
    element(
      'table',
      {},
      element('thead', {}, element('tr', {}, ...head.map((text) => element('th', { scope: 'col' }, text)))),
      element(
        'tbody',
        {},
        ...rows.map((cells, index) =>
          element(marked[index] ? 'tr.read' : 'tr', {}, ...cells.map((text) => element('td', {}, text))),
        ),
      ),
    ),
  );

/** @returns what a table is called where its columns say enough */
export const named = (head: readonly string[]): string => `Table: ${head.join(', ')}`;

/** A table that scrolls sideways where it has many columns, also by the keyboard. @param label  no other table's */
export const scrolling = (label: string, table: HTMLElement): HTMLElement =>
  element('div.scrolls', { tabindex: '0', role: 'region', 'aria-label': label }, table);
