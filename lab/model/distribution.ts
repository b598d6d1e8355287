import { bucketsOf, histogramQuantile } from '../promql/quantile.ts';
import type { Series } from '../promql/sample.ts';

/** One of the eight colours that the page distinguishes: 1 is the truth's, 2 the stored samples'. */
export type LayerColour = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** How values are spread now, as histograms have counted them: drawn beside the time, on the left axis of the picture. */
export type Distribution = {
  /** one for each histogram */
  columns: Column[];
  /** what the values really were */
  truth: number[];
};

export type Column = {
  name: string;
  colour: LayerColour;
  /** those that hold something, from one edge to the next; the last has no upper one. `share` of all, 0 to 1 */
  buckets: { low: number; high?: number; share: number }[];
  /** where the quantile lands; not there where nothing was counted */
  quantile?: number;
};

/**
 * One histogram as a column.
 * @param series    what each of its buckets grew by, one value each; of several instances they are added up
 * @param quantile  0 to 1
 */
export const columnOf = (name: string, colour: LayerColour, series: readonly Series[], quantile: number): Column => {
  const cumulative = bucketsOf(series, (samples) => samples.at(-1)?.[1]);
  const total = cumulative.at(-1)?.count ?? 0;
  const buckets = cumulative.flatMap(({ upperBound, count }, index) => {
    const { upperBound: low, count: below } = cumulative[index - 1] ?? { upperBound: 0, count: 0 };
    const share = (count - below) / total;
    if (!(share > 0)) return [];
    return [{ low, ...(Number.isFinite(upperBound) && { high: upperBound }), share }];
  });
  const value = histogramQuantile(quantile, cumulative);
  return { name, colour, buckets, ...(Number.isFinite(value) && { quantile: value }) };
};

/** The buckets of one instance among those of all. */
export const ofInstance = (series: readonly Series[], instance: string): Series[] =>
  series.filter(({ labels }) => labels.instance === instance);
