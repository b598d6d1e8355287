import { mean, values } from '../../lab/evidence/samples.ts';
import { round } from '../../lab/model/format.ts';
import { ofExporter } from '../../lab/model/metrics.ts';
import { newest, numberOf, type Picture, shownOf } from '../../lab/model/picture.ts';
import { requests } from './graph.ts';

const truth = 'requests in each second';
const every10 = 'irate, a point every 10 s';
const earlier = 'the same, from 5 s earlier';
const wide = 'rate over 15 s';
const periodSeconds = 10;

/** What a graph with so wide a step draws: the value of its point until the next one. */
const zoomedOut = (window: string): string =>
  `last_over_time(irate(${ofExporter(requests)}${window})[${periodSeconds}s:${periodSeconds}s])`;

/** Bursts of one second: what a point says depends on which two samples lie before it, and so on where the graph begins. */
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
    { kind: 'query', name: every10, colour: 4, expr: zoomedOut('[1m]') },
    { kind: 'query', name: earlier, colour: 5, expr: zoomedOut('[1m] offset 5s') },
    { kind: 'query', name: wide, colour: 2, expr: `rate(${ofExporter(requests)}[15s])` },
  ],
  numbers: (data) => {
    // Of the newest second nothing is known yet.
    const arrived = values(shownOf(data, truth)).slice(-1 - periodSeconds, -1);
    const happened = arrived.length < periodSeconds ? undefined : mean(arrived);
    const perSecond = (value: number) => `${round(value, 1)}/s`;
    return [
      ...numberOf(happened, perSecond, 'arrived', 1),
      ...numberOf(newest(data, every10), perSecond, every10, 4),
      ...numberOf(newest(data, earlier), perSecond, earlier, 5),
      ...numberOf(newest(data, wide), perSecond, wide, 2),
    ];
  },
};
