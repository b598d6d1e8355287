import { instanceSimulating, wholeFrom } from '../../lab/evidence/comparison.ts';
import { matchersOf } from '../../lab/evidence/fleet.ts';
import type { Comparison, Part } from '../../lab/model/comparison.ts';
import { latency } from '../../lab/model/metrics.ts';
import { histogramQuantile } from '../../lab/promql/quantile.ts';

const windowSeconds = 60;
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
  {
    shows: `histogram_quantile(${p95}, rate(${latency}_bucket[1m]))`,
    question: async (lab) => {
      const instance = instanceSimulating(lab, 'latency');
      if (instance === undefined) return 'no instance reports how long its requests take';
      const selector = `${latency}_bucket{${matchersOf(instance)}}`;
      return {
        expr: `histogram_quantile(${p95}, rate(${selector}[1m]))`,
        selector,
        windowSeconds,
        reads: 'rate',
        combined: quantileOf,
        truth: async (read, at) => {
          const { latency: reported } = await read.truth(at - windowSeconds, at, { instance: instance.number });
          return reported && slowest(reported.durations, p95);
        },
        from: wholeFrom(lab, windowSeconds),
      };
    },
  },
];
