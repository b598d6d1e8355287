import { ofInstance } from '../../lab/evidence/comparison.ts';
import type { Comparison } from '../../lab/model/comparison.ts';
import { sessions } from './findings.ts';

export const comparisons: readonly Comparison[] = [
  ofInstance({
    scenario: 'churn',
    none: 'no instance has a label that is always new',
    asks: (series) => `count(count_over_time(${series}[1m]))`,
    metric: sessions,
    windowSeconds: 60,
    reads: 'count',
    combined: (parts) => parts.length,
    truth: ({ churn }) => churn && new Set(churn.generation).size * churn.series,
  }),
];
