import { round } from '../../lab/model/format.ts';
import { type Mark, newest, type Picture, stretches } from '../../lab/model/picture.ts';
import { replicasUp, storedBy } from './services.ts';

const first = 'samples stored by replica-a';
const second = 'samples stored by replica-b';
const frozen = 'a replica does not answer';

/** Two that store the same, and the time in which one of them does not. */
export const picture: Picture = {
  title: 'Two replicas store the same, and one of them is frozen',
  unit: 'count',
  seconds: 300,
  layers: [
    { kind: 'query', name: first, colour: 3, expr: storedBy('replica-a') },
    { kind: 'query', name: second, colour: 4, expr: storedBy('replica-b') },
    { kind: 'query', name: frozen, isHidden: true, expr: `min(${replicasUp}) == 0` },
  ],
  marks: (data) =>
    stretches(data, frozen).map((each): Mark => ({ kind: 'band', ...each, name: 'one is frozen', tone: 'alarm' })),
  numbers: (data) =>
    (
      [
        [first, 3],
        [second, 4],
      ] as const
    ).map(([name, colour]) => {
      const value = newest(data, name);
      return { value: value === undefined ? 'none' : `${round(value, 0)}/s`, words: name, colour };
    }),
};
