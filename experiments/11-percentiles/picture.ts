import { columnOf, ofInstance } from '../../lab/model/distribution.ts';
import { round } from '../../lab/model/format.ts';
import type { Truth } from '../../lab/model/lab.ts';
import { instanceName, job, latency } from '../../lab/model/metrics.ts';
import { type Mark, newest, numberOf, type Picture } from '../../lab/model/picture.ts';
import { p95, quantile } from './findings.ts';

const truth = 'true 95th percentile';
const layouts = ['default boundaries', 'a boundary at 0.26 s', 'boundaries that end at 0.2 s'] as const;
const colours = [4, 3, 5] as const;

/** Of the requests in the time shown, which all took as long as they took. */
export const trueQuantile = ({ instants, latency }: Truth): number[] => {
  const durations = latency?.durations ?? [];
  const rank = quantile * durations.reduce((sum, { requests }) => sum + requests, 0);
  let seen = 0;
  const value = durations.find(({ requests }) => {
    seen += requests;
    return seen >= rank;
  });
  return instants.map(() => value?.seconds ?? Number.NaN);
};

/** The bucket that a request falls into: all that its histogram knows of it; none beyond the last boundary. */
const bucketOf = (value: number, boundaries: readonly number[]): Mark[] => {
  const low = Math.max(0, ...boundaries.filter((each) => each < value));
  const high = Math.min(...boundaries.filter((each) => each >= value));
  return Number.isFinite(high) ? [{ kind: 'zone', low, high, name: `the bucket from ${low} to ${high} s` }] : [];
};

/** What three histograms with different bucket boundaries make of the same requests. */
export const picture: Picture = {
  title: 'The same requests, a percentile per set of boundaries',
  unit: 'seconds',
  range: [0, 0.6],
  layers: [
    { kind: 'truth', name: truth, values: trueQuantile },
    ...layouts.map((name, index) => ({
      kind: 'query' as const,
      name,
      colour: colours[index]!,
      expr: `max(${p95('30s')} and on (instance) up{instance="${instanceName(index + 1)}"})`,
    })),
  ],
  reads: { buckets: `increase(${latency}_bucket{job="${job}"}[30s])` },
  distribution: ({ read, layer }) => {
    const buckets = read('buckets');
    const value = layer(truth)?.at(-1)?.[1];
    if (buckets === undefined || buckets.length === 0) return undefined;
    return {
      columns: layouts.map((name, index) =>
        columnOf(name, colours[index]!, ofInstance(buckets, instanceName(index + 1)), quantile),
      ),
      truth: value === undefined ? [] : [value],
    };
  },
  marks: ({ truth: signals, layer }) => {
    const value = layer(truth)?.at(-1)?.[1];
    if (signals?.latency === undefined || value === undefined) return [];
    return bucketOf(value, signals.latency.buckets);
  },
  numbers: (data) => {
    const happened = data.layer(truth)?.at(-1)?.[1];
    const inSeconds = (value: number) => `${round(value, 4)} s`;
    return [
      ...numberOf(happened, inSeconds, truth, 1),
      ...layouts.flatMap((name, index) => numberOf(newest(data, name), inSeconds, name, colours[index])),
    ];
  },
};
