import { ofExporter } from '../../lab/model/metrics.ts';
import { newest, numberOf, type Picture } from '../../lab/model/picture.ts';
import { sessions } from './findings.ts';

const truth = 'values that the label has had';
const ever = 'all series of the last 5 minutes';
const shown = 'current series, as in a graph';
const of2 = ofExporter(sessions, '', 2);

/** The label has fifty values at any time; those that it has had grow in number, and all of them stay in memory. */
export const picture: Picture = {
  title: 'Fifty series in the graph, hundreds in memory',
  unit: 'count',
  seconds: 300,
  layers: [
    {
      kind: 'truth',
      name: truth,
      instances: [2],
      values: ({ churn }) => churn?.generation.map((generation) => (generation + 1) * churn.series) ?? [],
    },
    { kind: 'query', name: ever, colour: 4, expr: `count(count_over_time(${of2}[5m]))` },
    { kind: 'query', name: shown, colour: 3, expr: `count(${of2})` },
  ],
  numbers: (data) => {
    const happened = data.layer(truth)?.at(-1)?.[1];
    const [all, now] = [newest(data, ever), newest(data, shown)];
    return [
      ...numberOf(happened, String, truth, 1),
      ...numberOf(all, String, ever, 4),
      ...numberOf(now, String, shown, 3),
    ];
  },
};
