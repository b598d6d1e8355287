import { newest, type Picture } from '../../lab/model/picture.ts';
import { of } from './pushed.ts';

const devices = [
  ['steady', 'without a fault', 2],
  ['mixed', 'with bad points', 3],
  ['north', 'offline for 8 s', 4],
] as const;
const stored = (device: string) => `sum(count_over_time(${of(device)}[10s]))`;

/** What is stored of ten points in ten seconds, by who has pushed them. */
export const picture: Picture = {
  title: 'Ten points in 10 s are pushed: how many are stored?',
  unit: 'count',
  range: [0, 12],
  layers: devices.map(([device, , colour]) => ({ kind: 'query', name: device, colour, expr: stored(device) })),
  line: { value: 10, name: 'pushed' },
  numbers: (data) =>
    devices.flatMap(([device, words, colour]) => {
      const value = newest(data, device);
      return value === undefined ? [] : [{ value: `${value} of 10`, words: `${device}, ${words}`, colour }];
    }),
};
