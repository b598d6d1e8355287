import { keyOf } from '../promql/sample.ts';
import { type Element, kept, NotSimulatedError, without } from './vector.ts';

const sum = (numbers: readonly number[]): number => numbers.reduce((one, other) => one + other, 0);
const mean = (numbers: readonly number[]): number => sum(numbers) / numbers.length;

/** The quantile of some values, between two of them where it falls there. */
export const quantileOf = (quantile: number, numbers: readonly number[]): number => {
  if (quantile < 0) return Number.NEGATIVE_INFINITY;
  if (quantile > 1) return Number.POSITIVE_INFINITY;
  const sorted = [...numbers].sort((one, other) => one - other);
  const rank = quantile * (sorted.length - 1);
  const [lower, upper] = [sorted[Math.floor(rank)]!, sorted[Math.min(sorted.length - 1, Math.floor(rank) + 1)]!];
  return lower + (upper - lower) * (rank - Math.floor(rank));
};

const operators: Record<string, (numbers: readonly number[], parameter: number) => number> = {
  sum,
  avg: mean,
  count: (numbers) => numbers.length,
  min: (numbers) => Math.min(...numbers),
  max: (numbers) => Math.max(...numbers),
  group: () => 1,
  stddev: (numbers) => Math.sqrt(mean(numbers.map((value) => (value - mean(numbers)) ** 2))),
  stdvar: (numbers) => mean(numbers.map((value) => (value - mean(numbers)) ** 2)),
  quantile: (numbers, parameter) => quantileOf(parameter, numbers),
};

type Grouping = { labels?: readonly string[] | undefined; isWithout: boolean };

/** sum, avg, topk and so on, over all elements or by labels. */
export const aggregated = (
  operator: string,
  elements: readonly Element[],
  { labels = [], isWithout }: Grouping,
  parameter = Number.NaN,
): Element[] => {
  const groups = new Map<string, { labels: Record<string, string>; elements: Element[] }>();
  for (const element of elements) {
    const own = isWithout ? without(element.labels, [...labels, '__name__']) : kept(element.labels, labels);
    const key = keyOf(own);
    const group = groups.get(key) ?? { labels: own, elements: [] };
    group.elements.push(element);
    groups.set(key, group);
  }
  if (operator === 'topk' || operator === 'bottomk') {
    const sign = operator === 'topk' ? 1 : -1;
    return [...groups.values()].flatMap((group) =>
      [...group.elements].sort((one, other) => sign * (other.value - one.value)).slice(0, parameter),
    );
  }
  const combine = operators[operator];
  if (combine === undefined) throw new NotSimulatedError(`not simulated: ${operator}()`);
  return [...groups.values()].map((group) => ({
    labels: group.labels,
    value: combine(
      group.elements.map(({ value }) => value),
      parameter,
    ),
  }));
};
