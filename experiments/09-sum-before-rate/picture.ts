import { values } from '../../lab/evidence/samples.ts';
import { arrivedAt, arrivedNumber } from '../../lab/evidence/traffic.ts';
import { round } from '../../lab/model/format.ts';
import { requests } from '../../lab/model/metrics.ts';
import { newest, numberOf, type Picture, shownOf } from '../../lab/model/picture.ts';
import { recordedSum } from './findings.ts';

const truth = 'arrived at the instances that stay';
const wrong = 'rate of the sum';
const right = 'sum of the rates';
const window = '30s';

/**
 * Once no instance has joined for so long: a sum that jumps because one joined is another story than the drop of one
 * that leaves. Longer than the window, a scrape and an evaluation.
 */
const onceAllAreThere = (expr: string): string =>
  `(${expr}) and on () count(${requests}) <= on () count(${requests} offset 45s)`;

/** The rate of a recorded sum, which takes the drop of the sum for a counter reset, beside the sum of the rates. */
export const picture: Picture = {
  title: 'An instance leaves: the rate of a sum explodes',
  unit: 'requests per second',
  seconds: 300,
  layers: [
    arrivedAt([1, 2], truth),
    { kind: 'query', name: wrong, colour: 4, expr: onceAllAreThere(`sum(rate(${recordedSum}[${window}]))`) },
    { kind: 'query', name: right, colour: 3, expr: `sum(rate(${requests}[${window}]))` },
  ],
  numbers: (data) => {
    const [said, worst] = [newest(data, right), Math.max(...values(shownOf(data, wrong)))];
    return [
      ...arrivedNumber(data, truth, truth),
      ...numberOf(said, (value) => `${round(value, 1)}/s`, right, 3),
      ...(Number.isFinite(worst)
        ? [{ value: `${round(worst, 0)}/s`, words: `the highest ${wrong}`, colour: 4 as const }]
        : []),
    ];
  },
};
