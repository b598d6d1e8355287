import { ofTheExporter, truthOver } from '../../lab/evidence/comparison.ts';
import type { Comparison } from '../../lab/model/comparison.ts';
import { cpu, spikes } from '../../lab/model/metrics.ts';

const minute = { window: '1m', windowSeconds: 60 };

export const comparisons: readonly Comparison[] = [
  ofTheExporter({
    asks: 'max_over_time',
    metric: cpu,
    ...minute,
    reads: 'max',
    truth: truthOver(60, ({ cpuPercent }) => Math.max(...cpuPercent)),
  }),
  ofTheExporter({
    asks: 'changes',
    metric: cpu,
    ...minute,
    reads: 'changes',
    truth: truthOver(
      60,
      ({ cpuPercent }) => cpuPercent.slice(1).filter((value, at) => value !== cpuPercent[at]).length,
    ),
  }),
  ofTheExporter({
    asks: 'increase',
    metric: spikes,
    ...minute,
    reads: 'increase',
    truth: truthOver(60, ({ totals }) => totals.spikes),
  }),
];
