import { arrivedAt, arrivedNumber } from '../../lab/evidence/traffic.ts';
import { round } from '../../lab/model/format.ts';
import { type Mark, newest, type Picture, stretches } from '../../lab/model/picture.ts';
import { recorded, recordedCount, recordedHealed } from './join.ts';

const truth = 'requests that arrived';
const joined = 'traffic by version, added up';
const healed = 'the same, healed';
const doubled = 'an instance shows two versions';

/** What two recording rules store of the same traffic while an instance has two versions. */
export const picture: Picture = {
  title: 'One instance has two versions, and all traffic freezes',
  unit: 'requests per second',
  seconds: 300,
  layers: [
    arrivedAt([1, 2, 3], truth),
    { kind: 'query', name: healed, colour: 3, expr: `sum(${recordedHealed})` },
    { kind: 'query', name: joined, colour: 4, expr: `sum(${recorded})` },
    { kind: 'query', name: doubled, isHidden: true, expr: `max(${recordedCount} > 1)` },
  ],
  marks: (data) =>
    stretches(data, doubled).map((each): Mark => ({ kind: 'band', ...each, name: 'two versions', tone: 'warning' })),
  numbers: (data) => {
    const [wrong, right] = [newest(data, joined), newest(data, healed)];
    return [
      ...arrivedNumber(data, truth, 'arrived'),
      { value: wrong === undefined ? 'nothing' : `${round(wrong, 1)}/s`, words: 'recorded by the join', colour: 4 },
      ...(right === undefined
        ? []
        : [{ value: `${round(right, 1)}/s`, words: 'recorded by the healed one', colour: 3 as const }]),
    ];
  },
};
