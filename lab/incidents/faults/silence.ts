import type { Fault } from '../fault.ts';
import { monitoring } from '../fleet.ts';
import { countAt } from '../shown.ts';

/** It is planned work, and covers the alerts of who fails: it begins before they do, and ends while they fire or later. */
const leadSeconds = 6;

const silenced = 'Errors.+';
const firing = `ALERTS{alertname=~"${silenced}",alertstate="firing"}`;

/** Somebody's silence in Alertmanager holds back the alerts about errors. */
export const silence: Fault = {
  cause: 'silence',
  says: 'a silence held back the notifications of alerts that fired',
  kind: 'monitoring',
  // Its alerts have to fire.
  beside: ({ cause }) => cause === 'errors' || cause === 'route',
  times: ({ afterSeconds, seconds }) => ({
    afterSeconds: Math.max(1, afterSeconds - leadSeconds),
    seconds: seconds + leadSeconds,
  }),
  settings: () => ({}),
  silences: {
    matcher: { name: 'alertname', value: silenced, isRegex: true },
    comment: 'planned work on the database',
  },
  who: () => [monitoring],
  reads: () => ({ firing: firing }),
  bounds: ({ silences = [], now }, from, to) => {
    const [found] = silences.filter(({ startsAt, endsAt }) => startsAt < to && endsAt > from && startsAt <= now);
    if (found === undefined) return {};
    const { startsAt, endsAt } = found;
    return {
      since: [startsAt, startsAt],
      ...(endsAt <= now && { until: [endsAt, endsAt], lost: [0, 0] }),
    };
  },
  shown: ({ series }) => ({ name: 'alerts that fire', unit: 'count', samples: countAt(series.firing!) }),
  hints: () => [
    'Something fires. Who was notified of it?',
    'An alert that fires and is in no inbox was never sent, is inhibited, or is silenced.',
    'Alertmanager lists its silences, with their begin and end: the tab Alerts has them, and so has /api/v2/silences',
  ],
  queries: () => [
    {
      expr: firing,
      read: 'it fires, and the inbox has no notification of it meanwhile',
    },
    {
      expr: 'rate(prometheus_notifications_sent_total[1m])',
      read: 'Prometheus sent it: what holds it back comes after Prometheus',
    },
    { expr: 'prometheus_notifications_errors_total', read: '0: Alertmanager took what it was sent' },
  ],
  experiments: ['06-alerting', '10-first-error'],
};
