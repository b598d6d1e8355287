import { ofTheExporter, requestsIn } from '../../lab/evidence/comparison.ts';
import type { Comparison } from '../../lab/model/comparison.ts';
import { requests as counter, cpu } from '../../lab/model/metrics.ts';

const windowSeconds = 60;

export const comparisons: readonly Comparison[] = [
  ofTheExporter({
    asks: (series) => `increase(${series}[1m])`,
    metric: counter,
    windowSeconds,
    reads: 'increase',
    truth: requestsIn,
  }),
  ofTheExporter({
    asks: (series) => `rate(${series}[1m])`,
    metric: counter,
    windowSeconds,
    reads: 'rate',
    truth: (truth) => requestsIn(truth) / windowSeconds,
  }),
  ofTheExporter({
    asks: (series) => `delta(${series}[1m])`,
    metric: cpu,
    windowSeconds,
    reads: 'delta',
    truth: ({ cpuPercent }) => cpuPercent.at(-1)! - cpuPercent[0]!,
  }),
];
