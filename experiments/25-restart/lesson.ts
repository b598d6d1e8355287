import { instancesIn } from '../../lab/evidence/fleet.ts';
import { alertNames } from '../../lab/model/alert-states.ts';
import type { Lesson } from '../../lab/model/lesson.ts';
import type { PanelQuery } from '../../lab/model/panel.ts';
import { exercises } from './exercise.ts';
import { picture } from './picture.ts';
import { brief, database, evaluated, firing, forState, kept, long } from './restart.ts';
import { check } from './verdict.ts';

/** As stored by the newest evaluations: a query alone shows for five minutes what ended with an earlier Prometheus. */
const fresh = (selector: string): string => `last_over_time(${selector}[10s])`;
/** The state of an alert as it was stored. @param as  how its series are read */
const storedState = (alert: string, as: (selector: string) => string): PanelQuery => {
  const pending = as(`ALERTS{alertname="${alert}",alertstate="pending"}`);
  const inactive = `0 * max(${fresh(evaluated.record)})`;
  return { expr: `max(2 * ${as(firing(alert))}) or max(${pending}) or ${inactive}`, legend: alert };
};
const service = 'prometheus';

export const lesson: Lesson = {
  title: 'Restart',
  chapter: 'Alerts',
  minutes: 8,
  question: 'Prometheus restarts in the middle of an outage. What does the pager say?',
  change: 'own',
  layer: 'producer',
  changes: 'a database is down and stays down, and a cache was for 15 seconds',
  matters: 'while Prometheus is down Alertmanager reports RESOLVED, and a short `for` begins again afterwards',
  todo: [
    'Read the inbox: which notification is false?',
    'Compare ALERTS after the restart with Alerts in Prometheus (or the tab Alerts in the guide).',
    'Do all of it again with `make exp-25 FOR_GRACE_PERIOD=5s`: now the `for` of ten seconds is restored as well.',
  ],
  manualSteps: [
    [
      { do: 'kill', service, says: 'nobody evaluates a rule, and nobody sends an alert.' },
      { do: 'start', service, afterSeconds: 30, says: 'it finds what it had stored, not what it had in memory.' },
    ],
  ],
  queries: [
    { expr: database, read: '0: the database is down, before the restart and after it', noValue: 'at rest' },
    {
      expr: 'ALERTS{alertstate="firing"}',
      read: 'for five minutes also what fired when Prometheus ended: nothing marks it as stale',
      noValue: 'at rest',
    },
    {
      expr: fresh('ALERTS{alertstate="firing"}'),
      read: 'what fired at one of the last evaluations: this is what fires',
      noValue: 'at rest',
    },
    {
      expr: `time() - ${forState(brief.alert)}`,
      read: 'for how many seconds the alert is active: after the restart it begins at 0',
      noValue: 'at rest',
    },
    {
      expr: `time() - ${forState(long.alert)}`,
      read: 'this one goes on where it was, without the time that Prometheus was down',
      noValue: 'at rest',
    },
    { expr: firing(kept.alert), read: 'kept by keep_firing_for; after the restart only shown', noValue: 'at rest' },
  ],
  expect:
    'While Prometheus is down, RESOLVED arrives 20 s after the alert was sent last, although the database is down. Afterwards DatabaseDown waits its ten seconds again, DatabaseDownLong continues, and CacheDown is lost, although ALERTS shows it for five minutes.',
  insight:
    'RESOLVED also means that nobody sends the alert any more. Prometheus restores a `for` that is at least `--rules.alert.for-grace-period` (10 minutes by default, a minute in this lab), from ALERTS_FOR_STATE, and not `keep_firing_for`. With the default resend delay of one minute Alertmanager waits 4 minutes. Run two Prometheus, and alert on a Prometheus that is absent.',
  lookBack: '10m',
  panels: [
    {
      title: 'The database is down. Which alerts fire, and which does ALERTS only show?',
      kind: 'timeline',
      targets: [
        { expr: `3 + ${fresh(database)}`, legend: 'database' },
        storedState(brief.alert, fresh),
        storedState(kept.alert, fresh),
        { ...storedState(kept.alert, (selector) => selector), legend: `${kept.alert} as ALERTS shows it` },
      ],
      names: {
        ...alertNames,
        3: { text: 'down', colour: 'purple' },
        4: { text: 'up', colour: 'blue' },
      },
      unit: 'state',
      width: 24,
      height: 8,
    },
    {
      title: 'For how long each alert is active: which one does a restart set back?',
      kind: 'timeseries',
      targets: [
        {
          expr: `time() - ${fresh(forState(long.alert))}`,
          legend: `${long.alert}, for: ${long.forSeconds / 60}m`,
          style: 'wide',
        },
        { expr: `time() - ${fresh(forState(brief.alert))}`, legend: `${brief.alert}, for: ${brief.forSeconds}s` },
      ],
      unit: 'seconds',
      width: 24,
      height: 9,
    },
  ],
  picture,
  exercises,
  // By way of the base: the alerts of an earlier outage are over.
  precondition: 'scraped',
  happensOnce: true,
  isActive: (lab) => instancesIn(lab).some(({ simulates }) => simulates.includes('outage')),
  plan: { environment: { OUTAGE: '15s' }, rules: [evaluated, brief, long, kept] },
  check,
};
