import { grouped } from '../../lab/model/format.ts';
import { type Mark, newest, type Picture, stretches } from '../../lab/model/picture.ts';
import { byPut, late, lateOrFailed, of, pushed, rows } from './jobs.ts';

const truth = 'rows of all runs';
const stored = 'as Prometheus stores them';
const growth = 'increase() of 30 s';
const age = 'age';
const firing = (alert: string) => `max(ALERTS{alertname="${alert}",job="${byPut}",alertstate="firing"})`;

/** Three runs add up, and what is stored is the last of them, for ever. */
export const picture: Picture = {
  title: 'Three runs of 1 000 rows: nothing adds them up',
  unit: 'count',
  range: [0, 3_200],
  layers: [
    { kind: 'truth', name: truth, values: ({ batch }) => batch?.rows ?? [] },
    { kind: 'samples', name: stored, selector: of(rows, byPut) },
    { kind: 'query', name: growth, expr: `increase(${of(rows, byPut)}[30s])` },
    { kind: 'query', name: age, expr: `time() - ${of(pushed, byPut)}`, isHidden: true },
    { kind: 'query', name: late.alert, expr: firing(late.alert), isHidden: true },
    { kind: 'query', name: lateOrFailed.alert, expr: firing(lateOrFailed.alert), isHidden: true },
  ],
  marks: (data) =>
    [lateOrFailed, late].flatMap(({ alert }) =>
      stretches(data, alert).map(
        (each): Mark => ({
          kind: 'band',
          ...each,
          name: `${alert} fires`,
          tone: alert === late.alert ? 'alarm' : 'warning',
        }),
      ),
    ),
  numbers: (data) => {
    const [done, since] = [newest(data, truth), newest(data, age)];
    const last = data.layer(stored)?.at(-1)?.[1];
    if (done === undefined) return [];
    return [
      { value: grouped(done), words: 'rows done', colour: 1 },
      { value: last === undefined ? 'nothing' : grouped(last), words: 'stored', colour: 2 },
      { value: since === undefined ? 'nothing' : `${Math.round(since)} s`, words: 'since the last push' },
    ];
  },
};
