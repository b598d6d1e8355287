import type { Api, ServiceAnswer } from '../model/reader.ts';
import { evaluate, rawSamples } from './query.ts';
import type { StoredSeries } from './store.ts';

/** A service that is there, and what it says: of HTTP, and how many warnings. */
export const says = (code = 200, warnings = 0): Omit<ServiceAnswer, 'data'> => ({
  code,
  status: code === 200 ? 'success' : 'error',
  warnings: Array(warnings).fill('receive series from Addr: sidecar-b:10901: connection refused'),
});

/** Prometheus' API over what is stored somewhere; `speak` says how it takes a question, which is as a matter of course. */
export const apiOver = (
  stored: readonly StoredSeries[],
  speak: (parameters: Record<string, string | number>) => Omit<ServiceAnswer, 'data'> = () => says(),
): Api => ({
  query: async (expr, at) => evaluate(stored, expr, at!),
  samples: async (selector, windowSeconds, at) => rawSamples(stored, selector, windowSeconds, at),
  range: async () => [],
  answer: async (_, parameters = {}) => {
    const { query = '', time } = parameters;
    return { ...speak(parameters), data: query === '' ? {} : dataOf(stored, `${query}`, Number(time)) };
  },
});

/** As the API writes it: a vector, or the samples of `selector[window]`. */
const dataOf = (stored: readonly StoredSeries[], query: string, at: number) => {
  const [, selector, windowSeconds] = /^(.*)\[(\d+)s\]$/.exec(query) ?? [];
  const series = selector ? rawSamples(stored, selector, Number(windowSeconds), at) : evaluate(stored, query, at);
  const result = series.map(({ labels, samples }) => ({
    metric: labels,
    values: samples.map(([time, value]) => [time, `${value}`]),
  }));
  return { result };
};

/** Nothing answers there. */
export const away: Api = {
  query: async () => Promise.reject(new Error('away')),
  samples: async () => Promise.reject(new Error('away')),
  range: async () => Promise.reject(new Error('away')),
  answer: async () => undefined,
};

/** The same series with a label more, as a reader of several Prometheus gets them. */
export const labelled = (series: readonly StoredSeries[], more: Record<string, string>): StoredSeries[] =>
  series.map(({ labels, samples, staleAt }) => ({ labels: { ...labels, ...more }, samples, staleAt }));
