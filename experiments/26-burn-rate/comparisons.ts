import { instanceSimulating, wholeFrom } from '../../lab/evidence/comparison.ts';
import { matchersOf } from '../../lab/evidence/fleet.ts';
import type { Comparison } from '../../lab/model/comparison.ts';
import { downtime, hard, longSeconds, shortSeconds } from './burn.ts';

/** Both windows of the pair. */
export const comparisons: readonly Comparison[] = [longSeconds, shortSeconds].map((windowSeconds) => ({
  shows: `rate(${downtime}{service="${hard}"}[${windowSeconds}s])`,
  question: async (lab, read) => {
    const instance = instanceSimulating(lab, 'downtime');
    const own = instance && (await read.truth(lab.now, lab.now, { instance: instance.number })).downtime?.[hard];
    if (instance === undefined || own === undefined) return 'no instance has a service that is down';
    const selector = `${downtime}{service="${hard}",${matchersOf(instance)}}`;
    return {
      expr: `rate(${selector}[${windowSeconds}s])`,
      selector,
      windowSeconds,
      reads: 'rate',
      truth: async (_, at) =>
        Math.max(0, Math.min(own.to, at) - Math.max(own.from, at - windowSeconds)) / windowSeconds,
      from: wholeFrom(lab, windowSeconds),
    };
  },
}));
