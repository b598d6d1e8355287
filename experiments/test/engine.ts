import type { Api, ServiceAnswer } from '../types.ts';
import { evaluate, rawSamples, type StoredSeries } from './query.ts';

/** A service that is there, and what it says: of HTTP, and how many warnings. */
export const says = (code = 200, warnings = 0, data: unknown = {}): ServiceAnswer => ({
  code,
  status: code === 200 ? 'success' : 'error',
  warnings: Array(warnings).fill('receive series from Addr: sidecar-b:10901: connection refused'),
  data,
});

/** Prometheus' API over what is stored somewhere; it answers all other questions with `answer`. */
export const apiOver = (stored: readonly StoredSeries[], answer: Api['answer'] = async () => says()): Api => ({
  query: async (expr, at) => evaluate(stored, expr, at!),
  samples: async (selector, windowSeconds, at) => rawSamples(stored, selector, windowSeconds, at),
  range: async () => [],
  answer,
});

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
