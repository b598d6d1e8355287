import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import type { Answer } from '../model/reader.ts';
import type { Sample, Series } from '../promql/sample.ts';
import { inWindow, lookbackSeconds } from '../promql/window.ts';
import { durationSeconds } from '../settings/duration.ts';
import { aggregated } from './aggregation.ts';
import { isComparison, type Matching, matched } from './binary.ts';
import { ofRange, ofVector } from './functions.ts';
import type { StoredSeries } from './store.ts';
import { type Element, NotSimulatedError, nameless, RefusedError } from './vector.ts';

export { NotSimulatedError, RefusedError } from './vector.ts';

/** Where and when something is asked; a range keeps its window until a function takes it. */
type Context = {
  stored: readonly StoredSeries[];
  at: number;
  text: string;
  /** of the graph that it is a point of; both are `at` where it is none */
  start: number;
  end: number;
};
type Value =
  | { type: 'scalar'; value: number }
  | { type: 'vector'; elements: Element[] }
  | { type: 'matrix'; series: Series[]; windowSeconds: number; at: number }
  | { type: 'string'; text: string };

/**
 * An instant query on what is stored, or a point of a graph from `start` to `end`.
 * @throws RefusedError where Prometheus refuses it, NotSimulatedError where this does not know it
 */
export const evaluate = (
  stored: readonly StoredSeries[],
  expr: string,
  at: number,
  { start, end } = { start: at, end: at },
): Series[] => seriesOf(answerTo(parsed(expr), { stored, at, text: expr, start, end }), at);

/** The same of a learner: what it is, and a refusal as data. */
export const answered = (stored: readonly StoredSeries[], expr: string, at: number): Answer => {
  try {
    const value = answerTo(parsed(expr), { stored, at, text: expr, start: at, end: at });
    return { type: value.type, series: seriesOf(value, at) };
  } catch (error) {
    if (error instanceof RefusedError || error instanceof NotSimulatedError) return { refused: error.message };
    throw error;
  }
};

/** `selector[window]` at an instant, as the API answers it. */
export const rawSamples = (
  stored: readonly StoredSeries[],
  selector: string,
  windowSeconds: number,
  at: number,
): Series[] => {
  const text = `${selector}[1s]`;
  const value = answerTo(parsed(text), { stored, at, text, start: at, end: at }, windowSeconds);
  if (value.type !== 'matrix') throw new NotSimulatedError(`${selector} is no selector`);
  return value.series;
};

const trees = new Map<string, SyntaxNode>();
const parsed = (expr: string): SyntaxNode => {
  const known = trees.get(expr);
  if (known !== undefined) return known;
  const { topNode } = parser.parse(expr);
  topNode.cursor().iterate((node) => {
    if (node.type.isError) throw new RefusedError(`parse error at character ${node.from + 1} of ${expr}`);
  });
  const first = topNode.firstChild;
  if (first === null) throw new RefusedError('parse error: no expression');
  trees.set(expr, first);
  return first;
};

const seriesOf = (value: Value, at: number): Series[] => {
  if (value.type === 'scalar') return [{ labels: {}, samples: [[at, value.value]] }];
  if (value.type === 'vector')
    return value.elements.map((each) => ({ labels: each.labels, samples: [[at, each.value]] }));
  return value.type === 'matrix' ? value.series : [];
};

/** @param windowSeconds  in place of the one that is written */
const answerTo = (node: SyntaxNode, context: Context, windowSeconds?: number): Value => {
  const { text, at } = context;
  const written = text.slice(node.from, node.to);
  const children = childrenOf(node);
  switch (node.name) {
    case 'ParenExpr':
      return answerTo(children[0]!, context, windowSeconds);
    case 'NumberDurationLiteral':
      return { type: 'scalar', value: numberOf(written) };
    case 'StringLiteral':
      return { type: 'string', text: unquoted(written) };
    case 'UnaryExpr': {
      const value = answerTo(children[1]!, context);
      const sign = written.startsWith('-') ? -1 : 1;
      if (value.type === 'scalar') return { type: 'scalar', value: sign * value.value };
      return vector(elementsOf(value).map((each) => ({ ...nameless(each), value: sign * each.value })));
    }
    case 'VectorSelector':
      return vector(
        selected(node, context).flatMap(({ labels, samples, staleAt }) => {
          const last = inWindow(samples, at, lookbackSeconds).at(-1);
          const isStale = last !== undefined && staleAt.some((time) => time > last[0] && time <= at);
          return last === undefined || isStale ? [] : [{ labels, value: last[1], sampledAt: last[0] }];
        }),
      );
    case 'MatrixSelector': {
      const window = windowSeconds ?? durationOf(children[1]!, text);
      const series = selected(children[0]!, context)
        .map(({ labels, samples }) => ({ labels, samples: inWindow(samples, at, window) }))
        .filter(({ samples }) => samples.length > 0);
      return { type: 'matrix', series, windowSeconds: window, at };
    }
    case 'StepInvariantExpr': {
      const instant = children.at(-1)!;
      const { start, end } = context;
      const fixed = text.slice(instant.from, instant.to);
      return answerTo(
        children[0]!,
        { ...context, at: fixed.startsWith('start') ? start : fixed.startsWith('end') ? end : numberOf(fixed) },
        windowSeconds,
      );
    }
    case 'SubqueryExpr': {
      const [inner, window, step] = children as [SyntaxNode, SyntaxNode, SyntaxNode | undefined];
      const every = step === undefined ? 5 : durationOf(step, text);
      return subquery(inner, context, durationOf(window, text), every);
    }
    case 'OffsetExpr': {
      const back = durationOf(children.at(-1)!, text) * (written.includes('offset -') ? -1 : 1);
      return answerTo(children[0]!, { ...context, at: at - back });
    }
    case 'FunctionCall':
      return called(text.slice(children[0]!.from, children[0]!.to), childrenOf(children[1]!), context);
    case 'AggregateExpr': {
      const body = children.find(({ name }) => name === 'FunctionCallBody')!;
      const modifier = children.find(({ name }) => name === 'AggregateModifier');
      const labels = modifier && labelNames(modifier.getChild('GroupingLabels'), text);
      const parts = childrenOf(body);
      const parameter = parts.length > 1 ? numberIn(answerTo(parts[0]!, context)) : undefined;
      const operator = text.slice(children[0]!.from, children[0]!.to).toLowerCase();
      const isWithout = modifier?.firstChild?.name === 'Without';
      return vector(
        aggregated(operator, elementsOf(answerTo(parts.at(-1)!, context)), { labels, isWithout }, parameter),
      );
    }
    case 'BinaryExpr':
      return binary(node, context);
    default:
      throw new NotSimulatedError(`not simulated: ${written} (${node.name})`);
  }
};

const childrenOf = (node: SyntaxNode): SyntaxNode[] => {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) children.push(child);
  return children;
};

const vector = (elements: Element[]): Value => ({ type: 'vector', elements });

const elementsOf = (value: Value): Element[] => {
  if (value.type !== 'vector') throw new RefusedError(`parse error: expected an instant vector, got a ${value.type}`);
  return value.elements;
};
const numberIn = (value: Value): number => {
  if (value.type !== 'scalar') throw new RefusedError(`parse error: expected a scalar, got a ${value.type}`);
  return value.value;
};

const called = (name: string, parts: readonly SyntaxNode[], context: Context): Value => {
  const { at } = context;
  if (name === 'time') return { type: 'scalar', value: at };
  if (name === 'absent') {
    const [selector] = parts as [SyntaxNode];
    const found = elementsOf(answerTo(selector, context)).length > 0;
    return vector(found ? [] : [{ labels: equalLabels(selector, context.text), value: 1 }]);
  }
  const values = parts.map((part) => answerTo(part, context));
  if (name === 'vector') return vector([{ labels: {}, value: numberIn(values[0]!) }]);
  if (name === 'scalar') {
    const elements = elementsOf(values[0]!);
    return { type: 'scalar', value: elements.length === 1 ? elements[0]!.value : Number.NaN };
  }
  const numbers = values.flatMap((value) => (value.type === 'scalar' ? [value.value] : []));
  const matrix = values.find((value) => value.type === 'matrix');
  const range = ofRange[name];
  if (range !== undefined) {
    if (matrix === undefined) throw new RefusedError(`parse error: ${name} expects a range vector`);
    return vector(
      matrix.series.flatMap(({ labels, samples }) => {
        const value = range(samples, matrix.at, matrix.windowSeconds, numbers);
        const kept = name === 'last_over_time' ? { labels } : nameless({ labels });
        return value === undefined ? [] : [{ ...kept, value }];
      }),
    );
  }
  const own = ofVector[name];
  if (own === undefined) throw new NotSimulatedError(`not simulated: ${name}()`);
  return vector(own(elementsOf(values.at(name === 'histogram_quantile' ? 1 : 0)!), numbers));
};

/** The matchers that name one value each: the labels of what is absent. */
const equalLabels = (selector: SyntaxNode, text: string): Record<string, string> =>
  Object.fromEntries(
    matchersOf(selector, text).flatMap(({ label, operator, value }) =>
      operator === '=' && label !== '__name__' ? [[label, value]] : [],
    ),
  );

const subquery = (inner: SyntaxNode, context: Context, windowSeconds: number, every: number): Value => {
  const lines = new Map<string, { labels: Record<string, string>; samples: Sample[] }>();
  const first = Math.floor((context.at - windowSeconds) / every) * every + every;
  for (let at = first; at <= context.at; at += every) {
    for (const { labels, value } of elementsOf(answerTo(inner, { ...context, at }))) {
      const key = JSON.stringify(labels);
      const line = lines.get(key) ?? { labels, samples: [] };
      line.samples.push([at, value]);
      lines.set(key, line);
    }
  }
  return { type: 'matrix', series: [...lines.values()], windowSeconds, at: context.at };
};

const binary = (node: SyntaxNode, context: Context): Value => {
  const { text } = context;
  const children = childrenOf(node);
  const [left, right] = [answerTo(children[0]!, context), answerTo(children.at(-1)!, context)];
  const operator = text.slice(children[1]!.from, children[1]!.to).toLowerCase();
  const isBool = node.getChild('BoolModifier') !== null;
  if (left.type === 'scalar' && right.type === 'scalar') {
    if (isComparison(operator) && !isBool) {
      throw new RefusedError('parse error: comparisons between scalars must use BOOL modifier');
    }
    const [answer] = matched(operator, [{ labels: {}, value: left.value }], right.value, { isBool });
    return { type: 'scalar', value: answer?.value ?? Number.NaN };
  }
  return vector(
    left.type === 'scalar'
      ? matched(operator, left.value, elementsOf(right), { isBool })
      : matched(operator, elementsOf(left), right.type === 'scalar' ? right.value : elementsOf(right), {
          isBool,
          ...matchingOf(node.getChild('MatchingModifierClause'), text),
        }),
  );
};

const matchingOf = (clause: SyntaxNode | null, text: string): Matching => {
  if (clause === null) return {};
  const [labels, included] = clause.getChildren('GroupingLabels');
  const names = labelNames(labels ?? null, text);
  const many = clause.getChild('GroupLeft') ? 'left' : clause.getChild('GroupRight') ? 'right' : undefined;
  const on = clause.getChild('On') === null ? { ignoring: names } : { on: names };
  return { ...on, ...(many && { many, included: labelNames(included ?? null, text) }) };
};

const labelNames = (node: SyntaxNode | null, text: string): string[] =>
  (node?.getChildren('LabelName') ?? []).map(({ from, to }) => text.slice(from, to));

type Matcher = { label: string; operator: string; value: string };

const matchersOf = (selector: SyntaxNode, text: string): Matcher[] => {
  const name = selector.getChild('Identifier');
  const matchers = selector.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? [];
  return [
    ...(name === null ? [] : [{ label: '__name__', operator: '=', value: text.slice(name.from, name.to) }]),
    ...matchers.map((matcher) => {
      const [label, operator, value] = childrenOf(matcher).map(({ from, to }) => text.slice(from, to));
      return { label: label!, operator: operator!, value: unquoted(value!) };
    }),
  ];
};

type Test = (series: StoredSeries) => boolean;

/** By the selector as it is written: a rule asks for the same at each of its evaluations. */
const testsOf = new Map<string, Test[]>();

const testsIn = (selector: SyntaxNode, text: string): Test[] =>
  matchersOf(selector, text).map(({ label, operator, value }) => {
    const pattern = operator.endsWith('~') ? new RegExp(`^(?:${value})$`, 's') : undefined;
    const isEqual = (own: string) => (pattern === undefined ? own === value : pattern.test(own));
    return ({ labels }) => isEqual(labels[label] ?? '') !== operator.startsWith('!');
  });

const selected = (selector: SyntaxNode, { stored, text }: Context): StoredSeries[] => {
  const written = text.slice(selector.from, selector.to);
  const tests = testsOf.get(written) ?? testsIn(selector, text);
  testsOf.set(written, tests);
  return stored.filter((series) => tests.every((isMeant) => isMeant(series)));
};

const unquoted = (text: string): string =>
  text.startsWith('`')
    ? text.slice(1, -1)
    : JSON.parse(
        `"${text
          .slice(1, -1)
          .replaceAll(/(?<!\\)"/g, '\\"')
          .replaceAll("\\'", "'")}"`,
      );

const durationOf = ({ from, to }: SyntaxNode, text: string): number => numberOf(text.slice(from, to));

/** A number, or a duration in seconds. */
const numberOf = (text: string): number => {
  const duration = durationSeconds(text);
  if (duration !== undefined) return duration;
  if (/^[+-]?inf$/i.test(text)) return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return /^nan$/i.test(text) ? Number.NaN : Number(text);
};
