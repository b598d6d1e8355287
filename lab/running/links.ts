import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import { lookBackOf } from '../../experiments/catalogue.ts';
import type { Query, Step } from '../model/lesson.ts';

/** What stands around an expression and leaves its type as it is. */
const around = new Set(['PromQL', 'ParenExpr', 'OffsetExpr', 'StepInvariantExpr']);

/**
 * Whether an expression is a range vector: a graph of it is an error, a table shows its samples.
 * @param expr  valid PromQL
 */
export const isRangeVector = (expr: string): boolean => {
  const expressionIn = ({ firstChild }: SyntaxNode): SyntaxNode | null => {
    let node = firstChild;
    while (node?.type.is('LineComment')) node = node.nextSibling;
    return node;
  };
  let node: SyntaxNode | null = parser.parse(expr).topNode;
  while (node !== null && around.has(node.name)) node = expressionIn(node);
  return node?.name === 'MatrixSelector' || node?.name === 'SubqueryExpr';
};

/** A query that a browser opens, escaped so that a terminal does not cut the link short. */
const escaped = (expr: string): string =>
  encodeURIComponent(expr).replaceAll(/[()'!*]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);

/**
 * A link that opens Prometheus with a query of a step filled in: a graph over the step's own time, a table where the
 * query is a range vector.
 * @param pages  whether this Prometheus has pages; the link leads to its API where it has none
 */
export const queryLink = (prometheus: string, { expr }: Query, step: Step, pages: boolean): string => {
  if (!pages) return `${prometheus}/api/v1/query?query=${escaped(expr)}`;
  const view = isRangeVector(expr) ? 'g0.tab=table' : `g0.tab=graph&g0.range_input=${lookBackOf(step)}`;
  return `${prometheus}/query?g0.expr=${escaped(expr)}&${view}`;
};

/** A link that opens the guide with a query filled in, asked of whom it is for. */
export const guideLink = (guide: string, { expr, of }: Query): string => {
  const view = isRangeVector(expr) ? 'table' : 'graph';
  return `${guide}/#query=${escaped(expr)}&as=${view}${of === undefined ? '' : `&of=${escaped(of)}`}`;
};

/**
 * What stands beside a link whose query has no value, so that nobody takes that for a fault.
 * @param isActive  the step is active, and its change with it
 */
export const noValueNote = ({ noValue }: Query, isActive: boolean): string | undefined => {
  switch (noValue) {
    case 'always':
      return 'no value, on purpose';
    case 'on purpose':
      return isActive ? 'no value now, on purpose' : 'no value once the change is made, on purpose';
    case 'at rest':
      return isActive ? undefined : 'perhaps no value before the change is made';
    default:
      return undefined;
  }
};
