import { ofTheExporter, requestsIn } from '../../lab/evidence/comparison.ts';
import type { Comparison } from '../../lab/model/comparison.ts';
import { requests as counter } from '../../lab/model/metrics.ts';

/** Two scrapes of the base lab, and one: a rate needs two samples. */
export const comparisons: readonly Comparison[] = [10, 5].map((windowSeconds) =>
  ofTheExporter({
    asks: (series) => `rate(${series}[${windowSeconds}s])`,
    metric: counter,
    windowSeconds,
    reads: 'rate',
    truth: (truth) => requestsIn(truth) / windowSeconds,
  }),
);
