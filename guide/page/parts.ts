import type { AskedPart } from '../src/ask/tree.ts';
import { element } from './dom.ts';
import { seriesName } from './table.ts';
import { count } from './words.ts';

/**
 * A query taken apart: each part with its series and values, and why it is empty.
 * @param onQuery  a part was chosen, to be asked alone
 */
export const partsTree = (tree: AskedPart | undefined, onQuery: (query: string) => void): HTMLElement =>
  tree === undefined
    ? element('p.quiet', {}, 'This query has no parts of its own to be asked, or more than can be shown.')
    : element('ul.tree', {}, branch(tree, onQuery));

const branch = (part: AskedPart, onQuery: (query: string) => void): HTMLElement =>
  element(
    part.total === 0 ? 'li.empty' : 'li',
    {},
    element(
      'button.query',
      { type: 'button', title: 'Ask this part alone', click: () => onQuery(part.text) },
      element('code', {}, part.text),
    ),
    element('span.quiet', {}, ` ${part.total === 0 ? 'empty' : count(part.total, 'series', 'series')}`),
    part.why !== undefined && element('p.why', {}, `Empty: ${part.why}.`),
    part.total > 0 && element('ul.values', {}, ...part.series.map(value), more(part)),
    part.parts.length > 0 && element('ul', {}, ...part.parts.map((each) => branch(each, onQuery))),
  );

const value = ({ labels, samples }: AskedPart['series'][number]) =>
  element(
    'li',
    {},
    element('code', {}, seriesName(labels)),
    samples.length === 1 ? ` ${samples[0]?.[1]}` : ` ${count(samples.length, 'sample')}`,
  );

const more = ({ total, series }: AskedPart) =>
  total > series.length && element('li.quiet', {}, `and ${total - series.length} more`);

/** Why a query is empty, the innermost reason first. */
export const reasonsIn = (tree: AskedPart | undefined): string[] =>
  tree === undefined
    ? []
    : [...tree.parts.flatMap(reasonsIn), ...(tree.why === undefined ? [] : [`\`${tree.text}\`: ${tree.why}`])];
