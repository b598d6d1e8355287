import { keyOf } from '../promql/sample.ts';
import { type Element, kept, NotSimulatedError, nameless, RefusedError, without } from './vector.ts';

/** How two vectors are matched: on these labels, or on all but these; `many` is the side of which several may match. */
export type Matching = {
  on?: readonly string[];
  ignoring?: readonly string[];
  many?: 'left' | 'right';
  included?: readonly string[];
};

const arithmetic: Record<string, (left: number, right: number) => number> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '%': (left, right) => left % right,
  '^': (left, right) => left ** right,
};
const comparisons: Record<string, (left: number, right: number) => boolean> = {
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '>': (left, right) => left > right,
  '<': (left, right) => left < right,
  '>=': (left, right) => left >= right,
  '<=': (left, right) => left <= right,
};

export const isComparison = (operator: string): boolean => operator in comparisons;

/** `left operator right`, where one of both may be a scalar. */
export const matched = (
  operator: string,
  left: readonly Element[] | number,
  right: readonly Element[] | number,
  { isBool, ...matching }: Matching & { isBool: boolean },
): Element[] => {
  const compute = (one: number, other: number): number | undefined => {
    const compared = comparisons[operator]?.(one, other);
    if (compared !== undefined) return isBool ? Number(compared) : compared ? one : undefined;
    const computed = arithmetic[operator];
    if (computed === undefined) throw new NotSimulatedError(`not simulated: the operator ${operator}`);
    return computed(one, other);
  };
  const keepsName = isComparison(operator) && !isBool;
  if (typeof left === 'number' || typeof right === 'number') {
    const elements = (typeof left === 'number' ? right : left) as readonly Element[];
    return elements.flatMap((each) => {
      const value = typeof left === 'number' ? compute(left, each.value) : compute(each.value, right as number);
      if (value === undefined) return [];
      return [{ ...(keepsName ? each : nameless(each)), value: keepsName ? each.value : value }];
    });
  }
  const signature = signatureOf(matching);
  if (operator === 'and' || operator === 'unless' || operator === 'or') {
    const there = new Set((operator === 'or' ? left : right).map(signature));
    const isThere = (each: Element) => there.has(signature(each));
    if (operator === 'and') return left.filter(isThere);
    if (operator === 'unless') return left.filter((each) => !isThere(each));
    return [...left, ...right.filter((each) => !isThere(each))];
  }
  return joined(left, right, signature, matching, keepsName, compute);
};

const signatureOf =
  ({ on, ignoring = [] }: Matching) =>
  ({ labels }: Element): string =>
    keyOf(on === undefined ? without(labels, [...ignoring, '__name__']) : kept(labels, on));

const joined = (
  left: readonly Element[],
  right: readonly Element[],
  signature: (element: Element) => string,
  { on, ignoring = [], many, included = [] }: Matching,
  keepsName: boolean,
  compute: (left: number, right: number) => number | undefined,
): Element[] => {
  const [severals, ones] = many === 'right' ? [right, left] : [left, right];
  const bySignature = new Map<string, Element>();
  for (const one of ones) {
    const key = signature(one);
    if (bySignature.has(key)) {
      throw new RefusedError(`found duplicate series for the match group ${key} on the one side of the operation`);
    }
    bySignature.set(key, one);
  }
  const used = new Set<string>();
  return severals.flatMap((several) => {
    const key = signature(several);
    const one = bySignature.get(key);
    if (one === undefined) return [];
    const value = many === 'right' ? compute(one.value, several.value) : compute(several.value, one.value);
    if (value === undefined) return [];
    if (many === undefined && used.has(key)) {
      throw new RefusedError('multiple matches for labels: many-to-one matching must be explicit (group_left)');
    }
    used.add(key);
    const own = keepsName ? several.labels : nameless(several).labels;
    const matchedLabels = on === undefined ? without(own, ignoring) : kept(own, on);
    const labels = many === undefined ? matchedLabels : { ...without(own, included), ...kept(one.labels, included) };
    return [{ labels, value }];
  });
};
