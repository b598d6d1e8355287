import { instanceSimulating, wholeFrom } from '../../lab/evidence/comparison.ts';
import { matchersOf } from '../../lab/evidence/fleet.ts';
import type { Comparison, Question } from '../../lab/model/comparison.ts';
import { requests } from './graph.ts';

/** A period of the bursts, and a scrape of the base lab: a window that leaves nothing out. */
const [periodSeconds, windowSeconds] = [10, 15];

const perSecond = (asks: Question['reads'] & ('irate' | 'rate')): Comparison => ({
  shows: `${asks}(${requests}[${windowSeconds}s])`,
  question: async (lab) => {
    const instance = instanceSimulating(lab, 'bursts');
    if (instance === undefined) return 'no instance has requests that come in bursts';
    const selector = `${requests}{${matchersOf(instance)}}`;
    return {
      expr: `${asks}(${selector}[${windowSeconds}s])`,
      selector,
      windowSeconds,
      reads: asks,
      truth: async (read, at) => {
        const { bursts } = await read.truth(at - periodSeconds, at, { instance: instance.number });
        return bursts && (bursts.total.at(-1)! - bursts.total[0]!) / periodSeconds;
      },
      from: wholeFrom(lab, windowSeconds),
    };
  },
});

export const comparisons = (['irate', 'rate'] as const).map(perSecond);
