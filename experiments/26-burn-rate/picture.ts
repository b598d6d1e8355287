import { seconds } from '../../lab/model/format.ts';
import { ofExporter } from '../../lab/model/metrics.ts';
import { type Mark, type Picture, stretches } from '../../lab/model/picture.ts';
import { burning, downtime, hard, longSeconds, shortSeconds, watches } from './burn.ts';

const truth = 'down';
const [long, short] = [longSeconds, shortSeconds].map((window) => `share of ${window} s`) as [string, string];
const { pair, long: alone } = watches;
const over = (window: number) => `rate(${ofExporter(downtime, `service="${hard}"`)}[${window}s])`;
const firing = ({ alert }: { alert: string }) =>
  `max(ALERTS{alertname="${alert}",service="${hard}",alertstate="firing"})`;

/** The long window is slow to rise and slow to fall; the short one ends the page. */
export const picture: Picture = {
  title: 'A long window for what is worth a page, a short one to end it',
  unit: 'ratio',
  range: [0, 1],
  layers: [
    {
      kind: 'truth',
      name: truth,
      values: ({ downtime: services, instants }) =>
        instants.map((at) => {
          const each = services?.[hard];
          return each === undefined ? Number.NaN : Number(at >= each.from && at < each.to);
        }),
    },
    { kind: 'query', name: long, colour: 2, expr: over(longSeconds) },
    { kind: 'query', name: short, colour: 3, expr: over(shortSeconds) },
    { kind: 'query', name: pair.alert, expr: firing(pair), isHidden: true },
    { kind: 'query', name: alone.alert, expr: firing(alone), isHidden: true },
  ],
  line: { value: burning, name: 'a page' },
  marks: (data) => [
    ...stretches(data, alone.alert).map(
      (each): Mark => ({ kind: 'band', ...each, name: `${alone.alert} fires`, tone: 'warning' }),
    ),
    ...stretches(data, pair.alert).map(
      (each): Mark => ({ kind: 'band', ...each, name: `${pair.alert} fires`, tone: 'alarm' }),
    ),
  ],
  numbers: (data) => {
    const down = data.truth?.downtime?.[hard];
    if (down === undefined) return [];
    const after = (at: number | undefined) => (at === undefined ? 'not yet' : seconds(Math.max(0, at - down.from)));
    const since = (name: string) => stretches(data, name).find(({ to }) => to >= down.from);
    return [
      { value: seconds(down.to - down.from), words: `${hard} was down`, colour: 1 },
      { value: after(since(pair.alert)?.from), words: `to the page of ${pair.alert}` },
      { value: after(since(pair.alert)?.to), words: 'to its end', colour: 3 },
      { value: after(since(alone.alert)?.to), words: `${alone.alert} fires until`, colour: 2 },
    ];
  },
};
