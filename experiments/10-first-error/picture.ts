import { round } from '../../lab/model/format.ts';
import { ofExporter } from '../../lab/model/metrics.ts';
import { type Mark, newest, type Picture, shownOf, stretches } from '../../lab/model/picture.ts';
import { lazy, window, zeroed } from './twins.ts';

const truth = 'errors that happened';
const late = 'appears with the errors';
const early = 'initialised to 0';
const increaseOf = (metric: string) => `increase(${ofExporter(metric)}[${window}])`;
const firing = 'the alert on the initialised counter fires';

/** The same errors on two counters; only one has a sample from before them, and so an increase. The other is on top. */
export const picture: Picture = {
  title: 'The same five errors: increase() of one counter stays 0',
  unit: 'count',
  seconds: 300,
  layers: [
    { kind: 'truth', name: truth, colour: 1, values: ({ errors }) => errors?.total ?? [] },
    { kind: 'query', name: `increase, ${early}`, colour: 5, expr: increaseOf(zeroed.metric) },
    { kind: 'samples', name: early, colour: 3, selector: ofExporter(zeroed.metric) },
    { kind: 'samples', name: late, colour: 2, selector: ofExporter(lazy.metric) },
    { kind: 'query', name: `increase, ${late}`, colour: 4, expr: increaseOf(lazy.metric) },
    {
      kind: 'query',
      name: firing,
      isHidden: true,
      expr: `max(ALERTS{alertname="${zeroed.alert}",alertstate="firing"})`,
    },
  ],
  marks: (data) =>
    stretches(data, firing).map(
      (each): Mark => ({ kind: 'band', ...each, name: `${zeroed.alert} fires`, tone: 'alarm' }),
    ),
  numbers: (data) => {
    const happened = data.layer(truth)?.at(-1)?.[1];
    if (happened === undefined) return [];
    const increases = [
      [late, 4],
      [early, 5],
    ] as const;
    return [
      { value: String(happened), words: truth, colour: 1 },
      ...increases.flatMap(([name, colour]) => {
        const now = newest(data, `increase, ${name}`);
        const most = Math.max(0, ...shownOf(data, `increase, ${name}`).map(([, value]) => value));
        return now === undefined ? [] : [{ value: round(most, 2), words: `the highest increase, ${name}`, colour }];
      }),
    ];
  },
};
