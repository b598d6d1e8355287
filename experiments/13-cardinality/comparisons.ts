import { instanceSimulating, wholeFrom } from '../../lab/evidence/comparison.ts';
import { matchersOf } from '../../lab/evidence/fleet.ts';
import type { Comparison } from '../../lab/model/comparison.ts';
import { sessions } from './findings.ts';

const windowSeconds = 60;

export const comparisons: readonly Comparison[] = [
  {
    shows: `count(count_over_time(${sessions}[1m]))`,
    question: async (lab) => {
      const instance = instanceSimulating(lab, 'churn');
      if (instance === undefined) return 'no instance has a label that is always new';
      const selector = `${sessions}{${matchersOf(instance)}}`;
      return {
        expr: `count(count_over_time(${selector}[1m]))`,
        selector,
        windowSeconds,
        reads: 'count',
        combined: (parts) => parts.length,
        truth: async (read, at) => {
          const { churn } = await read.truth(at - windowSeconds, at, { instance: instance.number });
          return churn && new Set(churn.generation).size * churn.series;
        },
        from: wholeFrom(lab, windowSeconds),
      };
    },
  },
];
