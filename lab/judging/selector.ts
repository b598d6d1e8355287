import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

/** What a query asks for: its selectors and windows, read by PromQL's own grammar. */

export type Matcher = { label: string; operator: string; value: string };

/** A place in a query, in characters from its start. */
export type Part = { from: number; to: number };

export type Selector = Part & {
  /** such as `requests_total{job="my_app"}` */
  text: string;
  /** its metric's name among them, as `__name__` */
  matchers: Matcher[];
  /** where the selector ends with its window, offset and @ */
  whole: Part;
  /** the text of its window, such as `1m`; undefined of an instant selector */
  window?: string;
};

/** Every selector, from left to right; none where the query is not PromQL. */
export const selectorsOf = (query: string): Selector[] =>
  nodesOf(query, 'VectorSelector').map((node) => {
    const text = query.slice(node.from, node.to);
    const matrix = node.parent?.name === 'MatrixSelector' ? node.parent : undefined;
    const { from, to } = matrix ?? node;
    const window = matrix?.getChild(duration);
    return {
      from: node.from,
      to: node.to,
      text,
      matchers: matchersOf(node, query),
      whole: { from, to: to + shift.exec(query.slice(to))![0].length },
      ...(window && { window: query.slice(window.from, window.to) }),
    };
  });

/** The windows of selectors and subqueries, without the step of the latter. */
export const windowsOf = (query: string): Part[] =>
  [...nodesOf(query, 'MatrixSelector'), ...nodesOf(query, 'SubqueryExpr')]
    .flatMap((node) => node.getChild(duration) ?? [])
    .map(({ from, to }) => ({ from, to }))
    .sort((one, other) => one.from - other.from);

/**
 * The names and operators of a query in their order: what it does, whatever its labels, numbers and spaces are.
 * `max(cpu_usage) > 80` is `max cpu_usage >`.
 */
export const outlineOf = (query: string): string[] => {
  const words: string[] = [];
  parser.parse(query).iterate({
    enter: ({ node, from, to }) => {
      if (named.has(node.name) && node.parent?.name !== 'LabelName') words.push(query.slice(from, to).toLowerCase());
      else if (node.parent?.name === 'BinaryExpr' && node.firstChild === null && !literals.has(node.name)) {
        words.push(query.slice(from, to).toLowerCase());
      }
    },
  });
  return words;
};

/** Replaces parts of a text that do not overlap. */
export const replaced = (text: string, parts: readonly (Part & { by: string })[]): string =>
  parts
    .toSorted((one, other) => other.from - one.from)
    .reduce((rest, { from, to, by }) => rest.slice(0, from) + by + rest.slice(to), text);

/** Whether a query calls a function. */
export const calls = (query: string, name: string): boolean =>
  nodesOf(query, 'FunctionIdentifier').some(({ from, to }) => query.slice(from, to) === name);

/** The grammar takes an offset behind the right side of an operator for one of the whole operation: read by hand. */
const shift = /^(\s*(offset\s*[-+]?\s*[\w.]+|@\s*([-+]?[\d.]+|(start|end)\s*\(\s*\))))*/i;

const duration = 'NumberDurationLiteralInDurationContext';
const named = new Set(['Identifier', 'FunctionIdentifier', 'AggregateOp']);
const literals = new Set(['NumberDurationLiteral', 'StringLiteral']);

const nodesOf = (query: string, name: string): SyntaxNode[] => {
  const found: SyntaxNode[] = [];
  parser.parse(query).iterate({
    enter: ({ node }) => {
      if (node.name === name) found.push(node);
    },
  });
  return found;
};

const matchersOf = (selector: SyntaxNode, query: string): Matcher[] => {
  const textOf = ({ from, to }: SyntaxNode) => query.slice(from, to);
  const name = selector.getChild('Identifier');
  const matchers = (selector.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? []).map((node) => ({
    label: textOf(node.getChild('LabelName')!),
    operator: textOf(node.getChild('MatchOp')!),
    value: unquoted(textOf(node.getChild('StringLiteral')!)),
  }));
  const quoted = (selector.getChild('LabelMatchers')?.getChildren('QuotedLabelMatcher') ?? []).map((node) => ({
    label: unquoted(textOf(node.getChild('QuotedLabelName')!)),
    operator: textOf(node.getChild('MatchOp')!),
    value: unquoted(textOf(node.getChild('StringLiteral')!)),
  }));
  // A name in quotes stands alone between the braces: {"cpu_usage"}.
  const alone = (selector.getChild('LabelMatchers')?.getChildren('QuotedLabelName') ?? []).map(textOf).map(unquoted);
  const names = [...(name ? [textOf(name)] : []), ...alone];
  return [...names.map((value) => ({ label: '__name__', operator: '=', value })), ...matchers, ...quoted];
};

/** A string of PromQL, which Go's rules read: of `…` nothing is escaped. */
const unquoted = (text: string): string => {
  const inside = text.slice(1, -1);
  if (text.startsWith('`')) return inside;
  return inside.replaceAll(/\\(.)/g, (_, character: string) => escapes[character] ?? character);
};
const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r' };
