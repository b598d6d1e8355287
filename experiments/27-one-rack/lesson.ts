import { alertNames, alertState } from '../../lab/model/alert-states.ts';
import type { Lesson } from '../../lab/model/lesson.ts';
import { bothTooCoarse } from '../../lab/model/measurable.ts';
import { exercises } from './exercise.ts';
import { picture } from './picture.ts';
import { back, down, hasRacks, hostDown, lateSeconds, reachable, switchDown, switchUp, written } from './racks.ts';
import { inhibitRules, routes, silences } from './routing.ts';
import { check } from './verdict.ts';

/** The hosts are notified, or held back, before their silence ends; the switch that is late before it is up again. */
const slowestSeconds = 5;

export const lesson: Lesson = {
  title: 'One rack',
  chapter: 'Alerts',
  minutes: 8,
  question: 'A switch fails, and the twelve hosts behind it cannot be reached. How many times does the phone ring?',
  change: 'own',
  requires: 'alertmanager',
  layer: 'producer',
  changes: `a switch fails for 30 s; each alert is there in six copies, which Alertmanager routes in six ways`,
  matters: 'of 13 alerts one is news; what Alertmanager does with the others is its configuration',
  todo: [
    'Compare the numbers over the guide’s picture, a minute after the start: notifications about rack a, by route. The inbox lists each alert of them.',
    `Compare the queries: in every copy 12 alerts of ${hostDown} fire. Prometheus knows nothing of groups, inhibition or silences.`,
    `Open Alertmanager under Silenced and Inhibited: the hosts of rack ${down}, whose switch stays down, are there.`,
    'Read experiments/27-one-rack/alertmanager.yml: each route is three lines.',
  ],
  queries: [
    { expr: `count by (rack) (${reachable} == 0)`, read: 'hosts that cannot be reached', noValue: 'at rest' },
    { expr: `${switchUp} == 0`, read: 'switches that do not answer', noValue: 'at rest' },
    {
      expr: `count by (routing, rack) (ALERTS{alertname=~"${hostDown}|${switchDown}",alertstate="firing"})`,
      read: '12 hosts and a switch of each rack in a copy, whatever Alertmanager does with them',
      noValue: 'at rest',
    },
    {
      expr: `count by (routing) (ALERTS{alertname="${hostDown}",rack="${down}",alertstate="firing"})`,
      read: 'firing, and not in the inbox: inhibited in one copy, silenced in the other',
      noValue: 'at rest',
    },
  ],
  expect:
    '26 notifications where each alert is alone, 4 grouped, 2 inhibited; 26 again where the switch’s alert comes late, and where a silence ends while the hosts are still down.',
  insight:
    'Group first: it is deterministic. Inhibition is asked when a group is sent and takes nothing back, so the cause has to be there before `group_wait` is over. A silence only postpones what still fires when it ends.',
  lookBack: '10m',
  panels: [
    {
      title: 'What happened: twelve hosts for half a minute, twelve to stay',
      kind: 'timeseries',
      targets: [
        {
          expr: `count(${reachable}{rack="${back}"} == 0) or 0 * count(${reachable}{rack="${back}"})`,
          legend: `rack ${back}`,
          style: 'wide',
        },
        {
          expr: `count(${reachable}{rack="${down}"} == 0) or 0 * count(${reachable}{rack="${down}"})`,
          legend: `rack ${down}`,
        },
      ],
      unit: 'count',
      width: 12,
      height: 8,
    },
    {
      title: 'Alerts that fire: 13 of rack a in every copy',
      kind: 'timeseries',
      targets: [
        {
          expr: `count(ALERTS{rack="${back}",routing="alone",alertstate="firing"})`,
          legend: 'alone: 26 notifications',
          style: 'wide',
        },
        {
          expr: `count(ALERTS{rack="${back}",routing="inhibited",alertstate="firing"})`,
          legend: 'inhibited: 2 notifications',
        },
      ],
      unit: 'count',
      width: 12,
      height: 8,
    },
    {
      title: `Who inhibits, and who is inhibited: for: ${lateSeconds}s is too late`,
      kind: 'timeline',
      targets: [
        alertState(switchDown, 'switch, inhibited', `routing="inhibited",rack="${back}"`),
        alertState(hostDown, 'hosts, inhibited', `routing="inhibited",rack="${back}"`),
        alertState(switchDown, 'switch, late', 'routing="late"'),
        alertState(hostDown, 'hosts, late', 'routing="late"'),
      ],
      names: alertNames,
      unit: 'state',
      width: 24,
      height: 8,
    },
  ],
  precondition: 'quiet',
  happensOnce: true,
  isActive: hasRacks,
  silences,
  picture,
  exercises,
  tooCoarse: (intervals) =>
    Math.max(intervals.scrapeSeconds, intervals.evaluationSeconds) > slowestSeconds
      ? bothTooCoarse(27, intervals, ' for a switch that is down for 30 s')
      : undefined,
  plan: { environment: { RACKS: '30s@12s' }, rules: written, alertmanager: { routes, inhibitRules }, silences },
  check,
};
