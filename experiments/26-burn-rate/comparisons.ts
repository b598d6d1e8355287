import { ofInstance } from '../../lab/evidence/comparison.ts';
import type { Comparison } from '../../lab/model/comparison.ts';
import { downtime, hard, longSeconds, shortSeconds } from './burn.ts';

/** Both windows of the pair. */
export const comparisons: readonly Comparison[] = [longSeconds, shortSeconds].map((windowSeconds) =>
  ofInstance({
    scenario: 'downtime',
    none: 'no instance has a service that is down',
    asks: (series) => `rate(${series}[${windowSeconds}s])`,
    metric: downtime,
    matchers: `service="${hard}"`,
    windowSeconds,
    reads: 'rate',
    truth: ({ instants, downtime: down }) => {
      const own = down?.[hard];
      return own && Math.max(0, Math.min(own.to, instants.at(-1)!) - Math.max(own.from, instants[0]!)) / windowSeconds;
    },
  }),
);
