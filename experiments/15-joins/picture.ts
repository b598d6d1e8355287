import { arrivedAt, arrivedNumber } from '../../lab/evidence/traffic.ts';
import { round } from '../../lab/model/format.ts';
import { type Mark, newest, numberOf, type Picture, stretches } from '../../lab/model/picture.ts';
import { recorded, recordedCount, recordedUnique } from './join.ts';

const truth = 'requests that arrived';
const joined = 'recorded with the join';
const fixed = 'recorded with the fix';
const doubled = 'an instance shows two versions';

/**
 * Only what was recorded by the newest evaluation: a query shows the last value for five minutes, as a flat line that
 * looks like steady traffic. The rules are of one group, so what is recorded together has the same timestamp.
 */
const fresh = `sum(${recorded} and on (version) timestamp(${recorded}) == on (version) timestamp(${recordedUnique}))`;

/** What two recording rules store of the same traffic while an instance has two versions. */
export const picture: Picture = {
  title: 'One instance has two versions, and the join records nothing',
  unit: 'requests per second',
  seconds: 300,
  layers: [
    arrivedAt([1, 2, 3], truth),
    { kind: 'query', name: fixed, colour: 3, expr: `sum(${recordedUnique})` },
    { kind: 'query', name: joined, colour: 4, expr: fresh },
    { kind: 'query', name: doubled, isHidden: true, expr: `max(${recordedCount} > 1)` },
  ],
  marks: (data) =>
    stretches(data, doubled).map((each): Mark => ({ kind: 'band', ...each, name: 'two versions', tone: 'warning' })),
  numbers: (data) => {
    const [wrong, right] = [newest(data, joined), newest(data, fixed)];
    return [
      ...arrivedNumber(data, truth, 'arrived'),
      { value: wrong === undefined ? 'nothing' : `${round(wrong, 1)}/s`, words: joined, colour: 4 },
      ...numberOf(right, (value) => `${round(value, 1)}/s`, fixed, 3),
    ];
  },
};
