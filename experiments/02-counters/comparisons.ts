import { ofTheExporter, requestsIn, truthOver } from '../../lab/evidence/comparison.ts';
import type { Comparison } from '../../lab/model/comparison.ts';
import { requests as counter, cpu } from '../../lab/model/metrics.ts';

const minute = { window: '1m', windowSeconds: 60 };

export const comparisons: readonly Comparison[] = [
  ofTheExporter({ asks: 'increase', metric: counter, ...minute, reads: 'increase', truth: truthOver(60, requestsIn) }),
  ofTheExporter({
    asks: 'rate',
    metric: counter,
    ...minute,
    reads: 'rate',
    truth: truthOver(60, (truth) => requestsIn(truth) / 60),
  }),
  ofTheExporter({
    asks: 'delta',
    metric: cpu,
    ...minute,
    reads: 'delta',
    truth: truthOver(60, ({ cpuPercent }) => cpuPercent.at(-1)! - cpuPercent[0]!),
  }),
];
