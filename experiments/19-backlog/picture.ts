import { startsOf } from '../../lab/evidence/outages.ts';
import { pictured, prometheusBegan, thanosUp } from '../../lab/evidence/remote-write.ts';
import { grouped, seconds } from '../../lab/model/format.ts';
import {
  type Mark,
  newest,
  numberOf,
  type Picture,
  type PictureData,
  shownOf,
  stretches,
} from '../../lab/model/picture.ts';

const waits = 'samples in the queue';
const late = 'the endpoint is behind';
const failed = 'failed';
const away = 'the endpoint is down';
const began = 'start of Prometheus';

/** Where Prometheus restarted while the endpoint was down, what had waited is lost. */
const lost = (data: PictureData): Mark[] =>
  stretches(data, away).flatMap(({ from, to }) =>
    startsOf(data.layer(began) ?? [])
      .filter((at) => at > from && at < to)
      .map((at): Mark => ({ kind: 'band', from, to: at, name: 'never sent', tone: 'alarm' })),
  );

/** What waits while the endpoint is down, and what a restart makes of it. */
export const picture: Picture = {
  title: 'The endpoint is down: samples wait, and a restart loses them',
  unit: 'count',
  rightUnit: 'seconds',
  seconds: 300,
  layers: [
    { kind: 'query', name: waits, colour: 2, expr: pictured.waiting },
    { kind: 'query', name: late, colour: 4, axis: 'right', expr: pictured.behind },
    { kind: 'query', name: failed, isHidden: true, expr: pictured.refused },
    { kind: 'query', name: away, isHidden: true, expr: `${thanosUp('store')} == 0` },
    { kind: 'query', name: began, isHidden: true, expr: prometheusBegan },
  ],
  marks: (data) => [
    ...stretches(data, away).map((each): Mark => ({ kind: 'band', ...each, name: away, tone: 'warning' })),
    ...lost(data),
    ...startsOf(shownOf(data, began))
      .filter((at) => at > data.from)
      .map((at): Mark => ({ kind: 'moment', at, name: 'Prometheus restarts' })),
  ],
  numbers: (data) => {
    const [now, lag, given] = [newest(data, waits), newest(data, late), newest(data, failed)];
    const most = Math.max(...shownOf(data, waits).map(([, value]) => value));
    return [
      ...numberOf(now, grouped, `in the queue, ${grouped(most)} at most`, 2),
      ...numberOf(lag, seconds, 'behind', 4),
      ...numberOf(given, grouped, 'failed'),
    ];
  },
};
