import { pictured } from '../../lab/evidence/remote-write.ts';
import { grouped, seconds } from '../../lab/model/format.ts';
import { type Mark, newest, numberOf, type Picture, shownOf, stretches } from '../../lab/model/picture.ts';
import { noQuorum, receiversUp } from './nodes.ts';

const waits = 'samples in the queue';
const late = 'the receivers are behind';
const failed = 'failed';
const up = 'receivers that are up';
const two = 'two of three';
const none = 'no quorum';

/** What waits while one, and then two, of three receivers are down. */
export const picture: Picture = {
  title: 'Two of three are enough; with one, samples wait',
  unit: 'count',
  rightUnit: 'seconds',
  seconds: 300,
  layers: [
    { kind: 'query', name: waits, colour: 2, expr: pictured.waiting },
    { kind: 'query', name: late, colour: 4, axis: 'right', expr: pictured.behind },
    { kind: 'query', name: failed, isHidden: true, expr: pictured.refused },
    { kind: 'query', name: up, isHidden: true, expr: receiversUp },
    { kind: 'query', name: two, isHidden: true, expr: `${receiversUp} == 2` },
    { kind: 'query', name: none, isHidden: true, expr: noQuorum },
  ],
  marks: (data) => [
    ...stretches(data, two).map((each): Mark => ({ kind: 'band', ...each, name: two, tone: 'warning' })),
    ...stretches(data, none).map((each): Mark => ({ kind: 'band', ...each, name: none, tone: 'alarm' })),
  ],
  numbers: (data) => {
    const [answer, now, lag, given] = [up, waits, late, failed].map((name) => newest(data, name));
    const most = Math.max(...shownOf(data, waits).map(([, value]) => value));
    return [
      ...numberOf(answer, (value) => `${value} of 3`, 'receivers are up'),
      ...numberOf(now, grouped, `in the queue, ${grouped(most)} at most`, 2),
      ...numberOf(lag, seconds, 'behind', 4),
      ...numberOf(given, grouped, 'failed'),
    ];
  },
};
