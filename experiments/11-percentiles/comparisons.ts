import { ofInstance } from '../../lab/evidence/comparison.ts';
import type { Comparison, Part } from '../../lab/model/comparison.ts';
import { latency } from '../../lab/model/metrics.ts';
import { histogramQuantile } from '../../lab/promql/quantile.ts';

const p95 = 0.95;

/** What so great a share of the requests took at most. @param durations  shortest first */
const slowest = (durations: readonly { seconds: number; requests: number }[], share: number): number | undefined => {
  const all = durations.reduce((sum, { requests }) => sum + requests, 0);
  let counted = 0;
  return durations.find(({ requests }) => {
    counted += requests;
    return counted >= share * all;
  })?.seconds;
};

const quantileOf = (parts: readonly Part[]): number =>
  histogramQuantile(
    p95,
    parts
      .map(({ labels, value }) => ({
        upperBound: labels.le === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels.le),
        count: value,
      }))
      .sort((one, other) => one.upperBound - other.upperBound),
  );

export const comparisons: readonly Comparison[] = [
  ofInstance({
    scenario: 'latency',
    none: 'no instance reports how long its requests take',
    asks: (series) => `histogram_quantile(${p95}, rate(${series}[1m]))`,
    metric: `${latency}_bucket`,
    windowSeconds: 60,
    reads: 'rate',
    combined: quantileOf,
    truth: ({ latency: reported }) => reported && slowest(reported.durations, p95),
  }),
];
