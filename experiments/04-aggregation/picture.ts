import { percent } from '../../lab/model/format.ts';
import { newest, type Picture, shownOf } from '../../lab/model/picture.ts';
import { average, sum } from './verdict.ts';

/** The cores, the average that lies between them, and the sum that leaves what a machine can be. */
export const picture: Picture = {
  title: 'sum() of percentages goes where no machine can be',
  unit: 'percent',
  range: [0, 200],
  layers: [
    { kind: 'truth', name: 'true core1', colour: 1, cores: 2, values: ({ cores }) => cores.core1 ?? [] },
    { kind: 'truth', name: 'true core2', colour: 2, cores: 2, values: ({ cores }) => cores.core2 ?? [] },
    { kind: 'query', name: 'avg', colour: 3, expr: average },
    { kind: 'query', name: 'sum', colour: 4, expr: sum },
  ],
  line: { value: 100, name: '100 %' },
  numbers: (data) => {
    const [added, mean] = [newest(data, 'sum'), newest(data, 'avg')];
    const answers = shownOf(data, 'sum');
    if (added === undefined || mean === undefined || answers.length === 0) return [];
    const impossible = answers.filter(([, value]) => value > 100).length / answers.length;
    return [
      { value: percent(added), words: 'sum', colour: 4 },
      { value: percent(mean), words: 'average', colour: 3 },
      { value: `${Math.round(100 * impossible)} %`, words: 'of the time shown the sum is over 100 %', colour: 4 },
    ];
  },
};
