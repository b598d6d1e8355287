import { ofExporter } from '../../lab/model/metrics.ts';
import { newest, type Picture } from '../../lab/model/picture.ts';
import { requests } from './graph.ts';

const truth = 'requests in each second';
const between = 'irate, of two samples';
const wide = 'rate over 15 s';

/** Bursts of one second: what a point says depends on which two samples lie before it. */
export const picture: Picture = {
  title: 'A hundred requests in one second: which points see them?',
  unit: 'requests per second',
  seconds: 60,
  layers: [
    {
      kind: 'truth',
      name: truth,
      values: ({ bursts }) => bursts?.total.map((total, index, all) => (all[index + 1] ?? total) - total) ?? [],
    },
    { kind: 'query', name: between, colour: 4, expr: `irate(${ofExporter(requests)}[1m])` },
    { kind: 'query', name: wide, colour: 2, expr: `rate(${ofExporter(requests)}[15s])` },
  ],
  numbers: (data) =>
    (
      [
        [between, 4],
        [wide, 2],
      ] as const
    ).flatMap(([name, colour]) => {
      const value = newest(data, name);
      return value === undefined ? [] : [{ value: value.toFixed(1), words: `${name}, now`, colour }];
    }),
};
