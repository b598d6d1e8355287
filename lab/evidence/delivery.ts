import { cpu, instanceName, job } from '../model/metrics.ts';
import type { Sample, Series } from '../promql/sample.ts';
import { milliseconds } from '../promql/window.ts';

/** What Prometheus has stored, held sample by sample against what a store has got of it. */

/**
 * Everything that Prometheus stores of the exporter; without the family of cores, which may have thousands of series.
 * @param matchers  further label matchers, such as `receive="receive-1"`
 */
export const carried = (matchers = ''): string =>
  `{__name__!="cpu_usage",job="${job}",instance="${instanceName()}"${matchers === '' ? '' : `,${matchers}`}}`;

/** @returns how many scrapes of the exporter are in what is carried, from one instant to another */
export const scrapesCarried = (series: readonly Series[], from: number, to: number): number =>
  series
    .filter(({ labels }) => labels.__name__ === cpu)
    .reduce((sum, { samples }) => sum + samples.filter(([at]) => at >= from && at <= to).length, 0);

/** Samples that should have arrived, by series, and how those that did compare. */
export type Delivery = {
  /** of the source, in the stretch */
  samples: number;
  series: number;
  /** samples of the source that are not there; for each series, in the order of time */
  missing: readonly (readonly Sample[])[];
  /** samples that are there with another value, and samples that the source does not have */
  wrong: number;
  unexpected: number;
};

/**
 * @param from  unix seconds; both ends are included
 * @param to    unix seconds
 */
export const deliveryOf = (
  source: readonly Series[],
  arrived: readonly Series[],
  from: number,
  to: number,
): Delivery => {
  const there = new Map(arrived.map((series) => [keyOf(series), valuesOf(series, from, to)]));
  let [samples, wrong, found] = [0, 0, 0];
  const own = source.map((series) => ({ series, inside: [...valuesOf(series, from, to)] }));
  const missing = own.map(({ series, inside }) => {
    const values = there.get(keyOf(series)) ?? new Map<number, number>();
    samples += inside.length;
    return inside.flatMap(([at, value]): Sample[] => {
      if (!values.has(at)) return [[at / 1000, value]];
      found += 1;
      if (!Object.is(values.get(at), value)) wrong += 1;
      return [];
    });
  });
  const all = [...there.values()].reduce((sum, values) => sum + values.size, 0);
  const series = own.filter(({ inside }) => inside.length > 0).length;
  return { samples, series, missing, wrong, unexpected: all - found };
};

const valuesOf = ({ samples }: Series, from: number, to: number): Map<number, number> =>
  new Map(
    samples
      .map(([at, value]) => [milliseconds(at), value] as const)
      .filter(([at]) => at >= milliseconds(from) && at <= milliseconds(to)),
  );

const keyOf = ({ labels }: Series): string => JSON.stringify(Object.entries(labels).sort());

/** Times of the missing samples of all series, in order. */
export const missingTimes = ({ missing }: Delivery): number[] =>
  missing
    .flat()
    .map(([at]) => at)
    .sort((a, b) => a - b);

/** A stretch, both ends included; unix seconds. */
export type Stretch = { from: number; to: number };

/** How many samples all series have in a stretch. */
export const countIn = (series: readonly Series[], { from, to }: Stretch): number =>
  series.reduce((sum, { samples }) => sum + samples.filter(([at]) => at >= from && at <= to).length, 0);

export const isWithin = (at: number, stretches: readonly Stretch[]): boolean =>
  stretches.some(({ from, to }) => at >= from && at <= to);
