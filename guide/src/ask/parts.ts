import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

/** A part of a query that has a value of its own; those that it is made of are in it. */
export type Part = {
  /** where it stands in the query, characters */
  from: number;
  to: number;
  text: string;
  kind: PartKind;
  /** of an operation on two parts, such as `/` or `unless` */
  operator?: string;
  parts: Part[];
};

type PartKind = 'selector' | 'range' | 'function' | 'aggregation' | 'operation' | 'subquery';

const kinds: Record<string, PartKind> = {
  VectorSelector: 'selector',
  MatrixSelector: 'range',
  FunctionCall: 'function',
  AggregateExpr: 'aggregation',
  BinaryExpr: 'operation',
  UnaryExpr: 'operation',
  SubqueryExpr: 'subquery',
};

/** What an offset or an instant shifts is one with it, and so is what stands in parentheses. */
const around = ['OffsetExpr', 'StepInvariantExpr', 'ParenExpr'];

/** @returns undefined where the query has no part, such as `42`, or is not PromQL */
export const partsOf = (query: string): Part | undefined => partsIn(parser.parse(query).topNode, query)[0];

const partsIn = (node: SyntaxNode, query: string): Part[] =>
  childrenOf(node).flatMap((child) => {
    const kind = kinds[child.name];
    if (kind !== undefined) return [partAt(child, child, kind, query)];
    const inner = around.includes(child.name) ? innerOf(child) : undefined;
    if (inner !== undefined) return [partAt(child, inner, kinds[inner.name]!, query)];
    return partsIn(child, query);
  });

/** The part that parentheses, offsets and instants are around; undefined where it is a number. */
const innerOf = (node: SyntaxNode): SyntaxNode | undefined => {
  for (const child of childrenOf(node)) {
    if (kinds[child.name] !== undefined) return child;
    if (around.includes(child.name)) return innerOf(child);
  }
  return undefined;
};

const partAt = (whole: SyntaxNode, inner: SyntaxNode, kind: PartKind, query: string): Part => {
  const text = query.slice(whole.from, whole.to);
  // A range vector shows its own series: the selector in it would say the same of another time.
  const parts = kind === 'range' || kind === 'selector' ? [] : partsIn(inner, query);
  const operator = kind === 'operation' ? operatorOf(inner, query) : undefined;
  return { from: whole.from, to: whole.to, text, kind, ...(operator !== undefined && { operator }), parts };
};

const operatorOf = (node: SyntaxNode, query: string): string | undefined => {
  const operator = childrenOf(node).find(({ name }) =>
    /^(Add|Sub|Mul|Div|Mod|Pow|Atan2|Eql|Neq|Gtr|Gte|Lss|Lte|EqlC|And|Or|Unless)/.test(name),
  );
  return operator && query.slice(operator.from, operator.to);
};

const childrenOf = (node: SyntaxNode): SyntaxNode[] => {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) children.push(child);
  return children;
};

/** Every part with those in it, from the outermost on. */
export const flat = (part: Part): Part[] => [part, ...part.parts.flatMap(flat)];

/** The name in a selector, and its matchers; undefined where the name stands among them, or there is none. */
export const nameIn = (selector: string): string | undefined => /^\s*\(*([a-zA-Z_:][\w:]*)/.exec(selector)?.[1];
