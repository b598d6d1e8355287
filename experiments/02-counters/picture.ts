import { round, seconds } from '../../lab/model/format.ts';
import { ofExporter, requestRate, requests } from '../../lab/model/metrics.ts';
import { newest, type Picture, sinceStart } from '../../lab/model/picture.ts';

const truth = 'requests that arrived';
const stored = 'stored samples';
const rate = `rate over 1m, right`;

/** The ramp, which rises from the exporter's start on, and the rate, which does not depend on where it started. */
export const picture: Picture = {
  title: 'A counter: only its increase means something',
  unit: 'count',
  rightUnit: 'requests per second',
  seconds: 300,
  layers: [
    { kind: 'truth', name: truth, values: ({ requestsTotal = [] }) => requestsTotal },
    { kind: 'samples', name: stored, selector: ofExporter(requests) },
    { kind: 'query', name: rate, expr: `sum(${requestRate.replace(requests, ofExporter(requests))})`, axis: 'right' },
  ],
  numbers: (data) => {
    const [first, last] = [sinceStart(data, stored)[0], sinceStart(data, stored).at(-1)];
    const perSecond = newest(data, rate);
    const said =
      perSecond === undefined
        ? []
        : [{ value: `${round(perSecond, 1)}/s`, words: 'is what rate() says now', colour: 3 as const }];
    if (first === undefined || last === undefined || first === last) return said;
    const at = (time: number) => data.layer(truth)?.findLast(([second]) => second <= time)?.[1] ?? Number.NaN;
    return [
      {
        value: String(at(last[0]) - at(first[0])),
        words: `requests arrived in ${seconds(last[0] - first[0])}`,
        colour: 1,
      },
      { value: String(last[1] - first[1]), words: 'stored: last − first', colour: 2 },
      ...said,
    ];
  },
};
