import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import { lookbackSeconds } from '../../../lab/promql/window.ts';
import { durationSeconds } from '../../../lab/settings/duration.ts';

/** A vector selector in a query, and which stored samples it reads for a value at one instant. */
export type Selector = {
  /** such as `requests_total{job="my_app"}` */
  text: string;
  /** the samples are at most this much older than the end of the window */
  windowSeconds: number;
  /** the window ends this much before the instant */
  offsetSeconds: number;
};

/**
 * The selectors of a query, each of them once. A window counts with those around it: `max_over_time(rate(a[1m])[5m:])`
 * reads six minutes of `a`.
 * @returns none where the query is not PromQL
 */
export const selectorsIn = (query: string): Selector[] => {
  const found = new Map<string, Selector>();
  parser.parse(query).iterate({
    enter: ({ name, node }) => {
      if (name !== 'VectorSelector') return;
      const selector = { text: query.slice(node.from, node.to), ...timesOf(node, query) };
      found.set(JSON.stringify(selector), selector);
    },
  });
  return [...found.values()];
};

const timesOf = (selector: SyntaxNode, query: string): Omit<Selector, 'text'> => {
  let [windowSeconds, offsetSeconds, isMatrix] = [0, 0, false];
  for (let node = selector.parent; node !== null; node = node.parent) {
    if (node.name === 'MatrixSelector') isMatrix = true;
    if (node.name === 'MatrixSelector' || node.name === 'SubqueryExpr') windowSeconds += durationIn(node, query);
    if (node.name === 'OffsetExpr') offsetSeconds += durationIn(node, query);
  }
  return { windowSeconds: windowSeconds + (isMatrix ? 0 : lookbackSeconds), offsetSeconds };
};

/** The first duration that stands directly in a node: the window of a selector, the time of an offset. */
const durationIn = (node: SyntaxNode, query: string): number => {
  const duration = node.getChild('NumberDurationLiteralInDurationContext');
  if (duration === null) return 0;
  const text = query.slice(duration.from, duration.to);
  const isNegative = query.slice(0, duration.from).trimEnd().endsWith('-') || text.startsWith('-');
  const seconds = /^[+-]?[\d.]+$/.test(text)
    ? Math.abs(Number(text))
    : (durationSeconds(text.replace(/^[+-]/, '')) ?? 0);
  return isNegative ? -seconds : seconds;
};
