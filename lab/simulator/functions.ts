import { delta, increase, irate, rate } from '../promql/extrapolation.ts';
import { bucketsOf, histogramQuantile } from '../promql/quantile.ts';
import type { Sample } from '../promql/sample.ts';
import { keyOf } from '../promql/sample.ts';
import { quantileOf } from './aggregation.ts';
import { type Element, nameless, without } from './vector.ts';

const values = (samples: readonly Sample[]): number[] => samples.map(([, value]) => value);
const sum = (numbers: readonly number[]): number => numbers.reduce((one, other) => one + other, 0);
const mean = (numbers: readonly number[]): number => sum(numbers) / numbers.length;
const pairs = (samples: readonly Sample[]): [before: number, after: number][] =>
  samples.slice(1).map(([, value], index) => [samples[index]![1], value]);

type OfRange = (samples: Sample[], at: number, windowSeconds: number, numbers: readonly number[]) => number | undefined;

/** Functions of the samples of one series in a window, which holds one at least. */
export const ofRange: Record<string, OfRange> = {
  rate,
  increase,
  delta,
  irate,
  last_over_time: (samples) => samples.at(-1)![1],
  sum_over_time: (samples) => sum(values(samples)),
  avg_over_time: (samples) => mean(values(samples)),
  count_over_time: (samples) => samples.length,
  min_over_time: (samples) => Math.min(...values(samples)),
  max_over_time: (samples) => Math.max(...values(samples)),
  stddev_over_time: (samples) => {
    const centre = mean(values(samples));
    return Math.sqrt(mean(values(samples).map((value) => (value - centre) ** 2)));
  },
  quantile_over_time: (samples, _at, _window, [quantile]) => quantileOf(quantile!, values(samples)),
  present_over_time: () => 1,
  resets: (samples) => pairs(samples).filter(([before, after]) => after < before).length,
  changes: (samples) => pairs(samples).filter(([before, after]) => after !== before).length,
};

const mapped =
  (change: (value: number, numbers: readonly number[]) => number) =>
  (elements: readonly Element[], numbers: readonly number[]): Element[] =>
    elements.map((each) => ({ ...nameless(each), value: change(each.value, numbers) }));

/** Functions of an instant vector. */
export const ofVector: Record<string, (elements: readonly Element[], numbers: readonly number[]) => Element[]> = {
  abs: mapped(Math.abs),
  ceil: mapped(Math.ceil),
  floor: mapped(Math.floor),
  sqrt: mapped(Math.sqrt),
  round: mapped((value, [nearest = 1]) => Math.floor(value / nearest + 0.5) * nearest),
  clamp_min: mapped((value, [least]) => Math.max(value, least!)),
  clamp_max: mapped((value, [most]) => Math.min(value, most!)),
  timestamp: (elements) => elements.map((each) => ({ ...nameless(each), value: each.sampledAt ?? Number.NaN })),
  sort: (elements) => [...elements].sort((one, other) => one.value - other.value),
  sort_desc: (elements) => [...elements].sort((one, other) => other.value - one.value),
  histogram_quantile: (elements, [quantile]) => {
    const histograms = new Map<string, Element[]>();
    for (const element of elements) {
      if (element.labels.le === undefined) continue;
      const key = keyOf(without(element.labels, ['le', '__name__']));
      histograms.set(key, [...(histograms.get(key) ?? []), element]);
    }
    return [...histograms.values()].map((buckets) => {
      const series = buckets.map(({ labels, value }) => ({ labels, samples: [[0, value] as const] }));
      const counted = bucketsOf(series, ([sample]) => sample![1]);
      return {
        labels: without(buckets[0]!.labels, ['le', '__name__']),
        value: histogramQuantile(quantile!, counted),
      };
    });
  },
};
