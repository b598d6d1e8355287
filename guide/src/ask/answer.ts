import type { AnsweredSeries, TextSample } from './series.ts';
import type { AskedPart } from './tree.ts';

/** Series as they are passed on: the first of them, and how many there are. */
export type Listed = {
  series: AnsweredSeries[];
  /** at least so many where `isCounted` is false */
  total: number;
  isCounted: boolean;
};

export type Answer =
  /** what a query gave, at one instant or at each step of a range */
  | (Listed & {
      kind: 'answered';
      type: 'vector' | 'matrix' | 'scalar' | 'string';
      /** unix seconds; both the same for an instant */
      from: number;
      to: number;
      /** undefined for an instant */
      stepSeconds?: number;
      /** Prometheus' own warnings and remarks */
      notes: string[];
      tookSeconds: number;
    })
  /** the stored samples that a query read */
  | {
      kind: 'samples';
      selectors: (Listed & { text: string; windowSeconds: number; from: number; to: number })[];
      at: number;
    }
  /** what each part of a query says at one instant; undefined where it has none */
  | { kind: 'parts'; tree: AskedPart | undefined; at: number }
  /** Prometheus does not take the query; its own words */
  | { kind: 'refused'; words: string }
  /** no answer came, and why */
  | { kind: 'failed'; reason: string };

/** At most this many series are passed on, and this many samples of each, the newest. */
export const mostSeries = 50;
export const mostSamples = 2_000;

/** Prometheus is asked for no more series than this, so that they can be counted and an answer stays small. */
export const countedSeries = 1_000;

type Histogram = { count?: string; sum?: string };
type Result = {
  metric?: Record<string, string>;
  value?: TextSample;
  values?: TextSample[];
  histogram?: [at: number, Histogram];
  histograms?: [at: number, Histogram][];
};
export type QueryData = { resultType: 'vector' | 'matrix' | 'scalar' | 'string'; result: Result[] | TextSample };

/** Reads the `data` of an instant or a range query. @param most  series that are passed on */
export const listed = ({ resultType, result }: QueryData, most = mostSeries): Listed => {
  if (resultType === 'scalar' || resultType === 'string') {
    return { series: [{ labels: {}, samples: [result as TextSample] }], total: 1, isCounted: true };
  }
  const all = result as Result[];
  return {
    series: all.slice(0, most).map((each) => ({ labels: each.metric ?? {}, samples: samplesOf(each) })),
    total: all.length,
    isCounted: all.length < countedSeries,
  };
};

const samplesOf = ({ value, values, histogram, histograms }: Result): TextSample[] => {
  const written = (histograms ?? (histogram ? [histogram] : [])).map(
    ([at, { count = '?', sum = '?' }]): TextSample => [at, `histogram of ${count}, sum ${sum}`],
  );
  return [...(values ?? (value ? [value] : [])), ...written].sort(([one], [other]) => one - other).slice(-mostSamples);
};
