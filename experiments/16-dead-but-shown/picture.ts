import { seconds } from '../../lab/model/format.ts';
import { ofExporter } from '../../lab/model/metrics.ts';
import { newest, numberOf, type Picture } from '../../lab/model/picture.ts';
import { plainGauge, stampedGauge } from './findings.ts';

const truth = 'true temperature';
const stored = 'stamped samples';
const plain = 'plain, as a query shows it';
const stamped = 'stamped, as a query shows it';

/** Both stop in the same second: one line ends with the next scrape, the other continues for five minutes. */
export const picture: Picture = {
  title: 'Both sensors have stopped, and one of them is still shown',
  unit: 'count',
  seconds: 300,
  layers: [
    {
      kind: 'truth',
      name: truth,
      colour: 1,
      values: ({ timestamps }) => timestamps?.celsius.map((value) => value ?? Number.NaN) ?? [],
    },
    { kind: 'samples', name: stored, colour: 2, selector: ofExporter(stampedGauge) },
    { kind: 'query', name: stamped, colour: 4, expr: ofExporter(stampedGauge) },
    { kind: 'query', name: plain, colour: 3, expr: ofExporter(plainGauge) },
  ],
  numbers: (data) => {
    const last = data.layer(stored)?.at(-1);
    const found = (name: string) => (newest(data, name) === undefined ? 'stale' : 'shown');
    return [
      ...numberOf(last?.[0], (at) => seconds(data.to - at), 'since the last measurement', 2),
      { value: found(plain), words: 'the plain gauge', colour: 3 },
      { value: found(stamped), words: 'the one with timestamps of its own', colour: 4 },
    ];
  },
};
