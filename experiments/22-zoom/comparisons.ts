import { ofInstance } from '../../lab/evidence/comparison.ts';
import type { Comparison } from '../../lab/model/comparison.ts';
import { requests } from './graph.ts';

/** A period of the bursts, and a scrape of the base lab: a window that leaves nothing out. */
const [truthSeconds, windowSeconds] = [10, 15];

export const comparisons: readonly Comparison[] = (['irate', 'rate'] as const).map((reads) =>
  ofInstance({
    scenario: 'bursts',
    none: 'no instance has requests that come in bursts',
    asks: (series) => `${reads}(${series}[${windowSeconds}s])`,
    metric: requests,
    windowSeconds,
    reads,
    truth: ({ bursts }) => bursts && (bursts.total.at(-1)! - bursts.total[0]!) / truthSeconds,
    truthSeconds,
  }),
);
