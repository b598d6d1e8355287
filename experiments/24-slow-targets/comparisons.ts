import { ofInstance } from '../../lab/evidence/comparison.ts';
import type { Comparison } from '../../lab/model/comparison.ts';
import { done, waiting } from './queue.ts';

/** Scrapes that failed left no sample, whoever is asked; what a counter did meanwhile is seen by the next one. */
const ofTheSlow = { scenario: 'slow', none: 'no instance has a slow page', windowSeconds: 60 } as const;

export const comparisons: readonly Comparison[] = [
  ofInstance({
    ...ofTheSlow,
    asks: (series) => `max_over_time(${series}[1m])`,
    metric: waiting,
    reads: 'max',
    truth: ({ jobs }) => jobs && Math.max(...jobs.waiting),
  }),
  ofInstance({
    ...ofTheSlow,
    asks: (series) => `increase(${series}[1m])`,
    metric: done,
    reads: 'increase',
    truth: ({ jobs }) => jobs && jobs.done.at(-1)! - jobs.done[0]!,
  }),
];
