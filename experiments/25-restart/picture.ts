import { notified } from '../../lab/evidence/alerts.ts';
import { clock, seconds } from '../../lab/model/format.ts';
import { type Mark, newest, type Picture, type PictureData, stretches } from '../../lab/model/picture.ts';
import { brief, firing, forState, long } from './restart.ts';

const truth = 'the database is down';
const fires = 'fires';
const active = (alert: string): string => `${alert} is active`;
const activeFor = (alert: string): string => `time() - last_over_time(${forState(alert)}[10s])`;

/** When Alertmanager took an alert of this outage as over: its database never is up again. */
const allClears = ({ notifications, from, startedAt = Number.POSITIVE_INFINITY }: PictureData): number[] =>
  notified(notifications, { alertname: brief.alert }, 'resolved').flatMap(({ startsAt, endsAt = 0 }) =>
    startsAt >= startedAt && endsAt > from ? [endsAt] : [],
  );

/** A Prometheus that is started anew may restore the time of an outage that was over when this one began. */
const earlier = (seconds: number, outage: number): string => (seconds > outage + 2 ? ', since an earlier outage' : '');

/** For how long the outage lasts, beside how long two alerts have been active in it. */
export const picture: Picture = {
  title: 'The outage goes on, and the alert begins again',
  unit: 'seconds',
  seconds: 300,
  layers: [
    {
      kind: 'truth',
      name: truth,
      values: ({ outage, instants, startedAt }) =>
        instants.map((at) => (outage === undefined || at < startedAt ? Number.NaN : at - startedAt)),
    },
    { kind: 'query', name: active(brief.alert), colour: 2, expr: activeFor(brief.alert) },
    { kind: 'query', name: active(long.alert), colour: 3, expr: activeFor(long.alert) },
    { kind: 'query', name: fires, isHidden: true, expr: `max(last_over_time(${firing(brief.alert)}[10s]))` },
  ],
  notifiedBy: [brief.alert],
  marks: (data) => [
    ...stretches(data, fires).map(
      (each): Mark => ({ kind: 'band', ...each, name: `${brief.alert} fires`, tone: 'alarm' }),
    ),
    ...allClears(data).map((at): Mark => ({ kind: 'moment', at, name: 'RESOLVED' })),
  ],
  numbers: (data) => {
    const [outage, ...alerts] = [truth, active(brief.alert), active(long.alert)].map((name) => newest(data, name));
    const [last] = allClears(data);
    if (outage === undefined || Number.isNaN(outage)) return [];
    return [
      { value: seconds(outage), words: truth, colour: 1 },
      ...alerts.map((value, index) => ({
        value: value === undefined ? 'none' : seconds(value),
        words: active([brief, long][index]!.alert) + earlier(value ?? 0, outage),
        colour: (index + 2) as 2 | 3,
      })),
      ...(last === undefined ? [] : [{ value: 'RESOLVED', words: `at ${clock(last)}, and it was not` }]),
    ];
  },
};
