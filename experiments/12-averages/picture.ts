import { columnOf, ofInstance } from '../../lab/model/distribution.ts';
import { round } from '../../lab/model/format.ts';
import type { Truth } from '../../lab/model/lab.ts';
import { instanceName, job } from '../../lab/model/metrics.ts';
import { newest, numberOf, type Picture } from '../../lab/model/picture.ts';
import { buckets, questions } from './findings.ts';

const large = 'what a request takes at the large instance';
const small = 'what a request takes at the small one';
const average = 'average of both percentiles';
const pooled = 'percentile of all requests';

/** What each request of an instance takes: they all take the same. */
const takes = ({ instants, latency }: Truth): number[] =>
  instants.map(() => latency?.durations.at(-1)?.seconds ?? Number.NaN);

/** The average of two percentiles lies where no request is; the pooled one lies in the bucket of the slow ones. */
export const picture: Picture = {
  title: 'The average of two percentiles is where no request is',
  unit: 'seconds',
  range: [0, 1],
  layers: [
    { kind: 'truth', name: large, colour: 1, instances: [1], values: takes },
    { kind: 'truth', name: small, colour: 2, instances: [2], values: takes },
    { kind: 'query', name: average, colour: 4, expr: questions.averageP95('30s') },
    { kind: 'query', name: pooled, colour: 3, expr: questions.pooledP95('30s') },
  ],
  reads: { buckets: `increase(${buckets}{job="${job}"}[30s])` },
  distribution: ({ read, layer }) => {
    const all = read('buckets') ?? [];
    if (all.length === 0) return undefined;
    const [first, second] = [1, 2].map((number) => ofInstance(all, instanceName(number)));
    return {
      columns: [
        columnOf('the large instance', 1, first!, 0.95),
        columnOf('the small one', 2, second!, 0.95),
        columnOf('all requests', 3, [...first!, ...second!], 0.95),
      ],
      truth: [large, small].flatMap((name) => layer(name)?.at(-1)?.[1] ?? []),
    };
  },
  numbers: (data) => {
    const slow = data.layer(small)?.at(-1)?.[1];
    const inSeconds = (value: number) => `${round(value, 4)} s`;
    const [averaged, all] = [newest(data, average), newest(data, pooled)];
    return [
      ...numberOf(slow, inSeconds, small, 2),
      ...numberOf(averaged, inSeconds, average, 4),
      ...numberOf(all, inSeconds, pooled, 3),
    ];
  },
};
