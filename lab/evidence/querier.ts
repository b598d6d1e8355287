import { duration } from '../model/format.ts';
import { job, requests } from '../model/metrics.ts';
import type { ServiceAnswer } from '../model/reader.ts';
import { rate } from '../promql/extrapolation.ts';
import type { Series } from '../promql/sample.ts';
import type { Window } from '../promql/window.ts';

/** What a querier over several Prometheus is asked about a fleet, its answers, and the same by hand. */

export const counters = `${requests}{job="${job}"}`;

/** The sum that everybody wants of a fleet. */
export const globalRate = ({ windowSeconds }: Pick<Window, 'windowSeconds'>): string =>
  `sum(rate(${counters}[${duration(windowSeconds)}]))`;

/** The raw samples of a window, as a query. */
export const rawCounters = ({ windowSeconds }: Pick<Window, 'windowSeconds'>): string =>
  `${counters}[${duration(windowSeconds)}]`;

/** sum(rate(…)) by hand: Prometheus' own rate of each series, added up; requests per second. */
export const summedRate = (series: readonly Pick<Series, 'samples'>[], { at, windowSeconds }: Window): number =>
  series.reduce((sum, { samples }) => sum + (rate(samples, at, windowSeconds) ?? 0), 0);

/** One line for each sample of a series: time and value, after what distinguishes the series from others. */
export const linesOf = (series: readonly Series[], ...names: readonly string[]): string[] =>
  series.flatMap(({ labels, samples }) =>
    samples.map(([at, value]) => `${names.map((name) => labels[name]).join(' ')} ${at} ${value}`),
  );

/** The series of an answer to a query; none where it is no such answer. */
export const seriesIn = ({ code, data }: Pick<ServiceAnswer, 'code' | 'data'>): Series[] => {
  const { result = [] } = (code === 200 ? data : {}) as { result?: Result[] };
  return result.map(({ metric, value, values = value ? [value] : [] }) => ({
    labels: metric,
    samples: values.map(([at, text]) => [at, Number(text)] as const),
  }));
};

type Pair = readonly [at: number, text: string];
type Result = { metric: Record<string, string>; value?: Pair; values?: readonly Pair[] };
