import { requests } from '../metrics.ts';
import { newest, type Picture, shownOf } from '../picture.ts';
import { mean, values } from '../samples.ts';
import { round } from '../words.ts';
import { recordedSum } from './findings.ts';

const truth = 'arrived at those that stay';
const wrong = 'rate of the sum';
const right = 'sum of the rates';
const window = '30s';

/** The rate of a recorded sum, which takes the fall of the sum for a restart, beside the sum of the rates. */
export const picture: Picture = {
  title: 'An instance leaves: the rate of a sum explodes',
  unit: 'requests per second',
  seconds: 300,
  layers: [
    {
      kind: 'truth',
      name: truth,
      instances: [1, 2],
      values: ({ requestsPerSecond }, ...others) =>
        requestsPerSecond.map((value, at) =>
          others.reduce((sum, other) => sum + (other.requestsPerSecond[at] ?? 0), value),
        ),
    },
    { kind: 'query', name: wrong, colour: 4, expr: `sum(rate(${recordedSum}[${window}]))` },
    { kind: 'query', name: right, colour: 3, expr: `sum(rate(${requests}[${window}]))` },
  ],
  numbers: (data) => {
    const [said, worst] = [newest(data, right), Math.max(...values(shownOf(data, wrong)))];
    const arrived = shownOf(data, truth).filter(([at]) => at >= data.to - 60);
    return [
      ...(arrived.length < 30
        ? []
        : [{ value: `${round(mean(values(arrived)), 1)}/s`, words: truth, colour: 1 as const }]),
      ...(said === undefined ? [] : [{ value: `${round(said, 1)}/s`, words: right, colour: 3 as const }]),
      ...(Number.isFinite(worst)
        ? [{ value: `${round(worst, 0)}/s`, words: `the highest ${wrong}`, colour: 4 as const }]
        : []),
    ];
  },
};
