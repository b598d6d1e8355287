import { ofTheExporter } from '../../lab/evidence/comparison.ts';
import type { Comparison } from '../../lab/model/comparison.ts';
import { cpu, spikes } from '../../lab/model/metrics.ts';

const windowSeconds = 60;

export const comparisons: readonly Comparison[] = [
  ofTheExporter({
    asks: (series) => `max_over_time(${series}[1m])`,
    metric: cpu,
    windowSeconds,
    reads: 'max',
    truth: ({ cpuPercent }) => Math.max(...cpuPercent),
  }),
  ofTheExporter({
    asks: (series) => `changes(${series}[1m])`,
    metric: cpu,
    windowSeconds,
    reads: 'changes',
    truth: ({ cpuPercent }) => cpuPercent.slice(1).filter((value, at) => value !== cpuPercent[at]).length,
  }),
  ofTheExporter({
    asks: (series) => `increase(${series}[1m])`,
    metric: spikes,
    windowSeconds,
    reads: 'increase',
    truth: ({ totals }) => totals.spikes,
  }),
];
