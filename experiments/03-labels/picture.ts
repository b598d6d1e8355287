import { percent } from '../../lab/model/format.ts';
import { cores as family, ofExporter } from '../../lab/model/metrics.ts';
import { newest, numberOf, type Picture, shownOf } from '../../lab/model/picture.ts';

const core = (number: 1 | 2) => `core${number}`;
const seriesCount = 'series';

/** Two of the parts, each a series with a truth of its own, and the average that is none of them. */
export const picture: Picture = {
  title: 'One metric, a series for each core, and their average',
  unit: 'percent',
  range: [0, 100],
  layers: [
    { kind: 'truth', name: 'true core1', colour: 1, cores: 2, values: ({ cores }) => cores.core1 ?? [] },
    { kind: 'truth', name: 'true core2', colour: 2, cores: 2, values: ({ cores }) => cores.core2 ?? [] },
    { kind: 'samples', name: core(1), colour: 1, selector: ofExporter(family, 'core="core1"') },
    { kind: 'samples', name: core(2), colour: 2, selector: ofExporter(family, 'core="core2"') },
    { kind: 'query', name: 'average', colour: 3, expr: `avg(${family})` },
    { kind: 'query', name: seriesCount, expr: `count(${family})`, isHidden: true },
  ],
  numbers: (data) => {
    const [series, mean] = [newest(data, seriesCount), newest(data, 'average')];
    const parts = ([1, 2] as const).flatMap((number) => {
      const value = shownOf(data, core(number)).at(-1)?.[1];
      return numberOf(value, percent, core(number), number);
    });
    return [...numberOf(series, String, 'series'), ...parts, ...numberOf(mean, percent, 'average', 3)];
  },
};
