import { delta, increase, rate } from '../promql/extrapolation.ts';
import type { Sample, Series } from '../promql/sample.ts';
import { inWindow } from '../promql/window.ts';
import { durationSeconds } from '../settings/duration.ts';

/** A stored series; `staleAt` are the times of its stale markers. */
export type StoredSeries = Series & { staleAt: number[] };

const lookbackSeconds = 300;

/** As much of PromQL as the verdicts ask: selectors, functions of a range, aggregations of all series or by labels. */
export const evaluate = (stored: readonly StoredSeries[], expr: string, at: number): Series[] => {
  const [, operator, by, inner] = /^(\w+) by \(([\w, ]+)\) \((.*)\)$/s.exec(expr) ?? [];
  if (operator !== undefined) return grouped(evaluate(stored, inner!, at), operator, by!.split(', '), at);
  const call = /^(\w+)\((.*)\)$/s.exec(expr);
  const name = call?.[1] ?? '';
  if (name in ofRange) {
    const { selector, windowSeconds } = rangeOf(call![2]!);
    return select(stored, selector).flatMap(({ labels: { __name__, ...labels }, samples }) => {
      const value = ofRange[name]!(samples, at, windowSeconds);
      const kept = name === 'last_over_time' ? { __name__: __name__!, ...labels } : labels;
      return value === undefined ? [] : [{ labels: kept, samples: [[at, value] as const] }];
    });
  }
  if (name in ofAll) {
    const values = evaluate(stored, call![2]!, at).map(({ samples }) => samples[0]![1]);
    return values.length === 0 ? [] : [{ labels: {}, samples: [[at, ofAll[name]!(values)]] }];
  }
  return select(stored, expr).flatMap(({ labels, samples, staleAt }) => {
    const last = inWindow(samples, at, lookbackSeconds).at(-1);
    const isStale = last !== undefined && staleAt.some((time) => time > last[0] && time <= at);
    return last === undefined || isStale ? [] : [{ labels, samples: [[at, last[1]] as const] }];
  });
};

/** `selector[window]` at an instant, as the API answers it. */
export const rawSamples = (
  stored: readonly StoredSeries[],
  selector: string,
  windowSeconds: number,
  at: number,
): Series[] =>
  select(stored, selector)
    .map(({ labels, samples }) => ({ labels, samples: inWindow(samples, at, windowSeconds) }))
    .filter(({ samples }) => samples.length > 0);

const ofRange: Record<string, (samples: Sample[], at: number, windowSeconds: number) => number | undefined> = {
  rate,
  increase,
  delta,
  last_over_time: (samples, at, windowSeconds) => inWindow(samples, at, windowSeconds).at(-1)?.[1],
  sum_over_time: (samples, at, windowSeconds) => {
    const inside = inWindow(samples, at, windowSeconds);
    return inside.length === 0 ? undefined : sum(inside.map(([, value]) => value));
  },
  count_over_time: (samples, at, windowSeconds) => inWindow(samples, at, windowSeconds).length || undefined,
  resets: (samples, at, windowSeconds) => {
    const inside = inWindow(samples, at, windowSeconds);
    const falls = inside.filter(([, value], index) => index > 0 && value < inside[index - 1]![1]).length;
    return inside.length === 0 ? undefined : falls;
  },
};

const sum = (values: number[]) => values.reduce((one, other) => one + other, 0);
const ofAll: Record<string, (values: number[]) => number> = {
  sum,
  avg: (values) => sum(values) / values.length,
  count: (values) => values.length,
  max: (values) => Math.max(...values),
};

const grouped = (series: Series[], operator: string, by: string[], at: number): Series[] => {
  const groups = new Map<string, { labels: Record<string, string>; values: number[] }>();
  for (const { labels, samples } of series) {
    const kept = Object.fromEntries(by.flatMap((label) => (labels[label] ? [[label, labels[label]!]] : [])));
    const key = JSON.stringify(kept);
    const group = groups.get(key) ?? { labels: kept, values: [] };
    group.values.push(samples[0]![1]);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ labels, values }) => ({ labels, samples: [[at, ofAll[operator]!(values)]] }));
};

const rangeOf = (text: string) => {
  const [, selector, window = ''] = /^(.*)\[(\w+)\]$/s.exec(text) ?? [];
  const windowSeconds = durationSeconds(window);
  if (selector === undefined || windowSeconds === undefined) throw new Error(`not simulated: ${text}`);
  return { selector, windowSeconds };
};

const select = (stored: readonly StoredSeries[], selector: string): StoredSeries[] => {
  const [, name, inside = ''] = /^([\w:]*)(?:\{(.*)\})?$/s.exec(selector) ?? [];
  if (name === undefined) throw new Error(`not simulated: ${selector}`);
  const matchers = [...inside.matchAll(/(\w+)(=~|!~|=)"([^"]*)"/g)].map(([, label, kind, value]) => ({
    label: label!,
    isMeant: kind !== '!~',
    value: new RegExp(`^(?:${kind === '=' ? value!.replaceAll(/[.*+?|()[\]{}]/g, '\\$&') : value})$`),
  }));
  return stored.filter(
    ({ labels }) =>
      (name === '' || labels.__name__ === name) &&
      matchers.every(({ label, value, isMeant }) => value.test(labels[label] ?? '') === isMeant),
  );
};
