import { instancesIn } from '../../lab/evidence/fleet.ts';
import { alertNames, alertState } from '../../lab/model/alert-states.ts';
import type { Lesson } from '../../lab/model/lesson.ts';
import { bothTooCoarse } from '../../lab/model/measurable.ts';
import type { PanelQuery, ValueNames } from '../../lab/model/panel.ts';
import { comparisons } from './comparisons.ts';
import { exercises } from './exercise.ts';
import { well, wellZeroed } from './findings.ts';
import { picture } from './picture.ts';
import { check } from './verdict.ts';
import { diskFree, fullBelow, orUnknown, watches, written } from './watch.ts';

/** What happens once has to be seen before it is over: a scrape and an evaluation take so long at most. */
const seenWithinSeconds = 10;

/** What is known of each disk, a row for each host: its alert first. */
const diskState = (alert: string): PanelQuery => ({
  expr: [
    `max by (instance) (2 * ALERTS{alertname="${alert}",alertstate="firing"})`,
    `count by (instance) (${diskFree} != ${diskFree})`,
    `0 * count by (instance) (${diskFree} >= ${fullBelow})`,
  ].join(' or '),
  legend: '{{instance}}',
});
const diskNames: ValueNames = {
  0: { text: 'fine', colour: 'green' },
  1: { text: 'NaN, and no alert', colour: 'grey' },
  2: { text: 'FIRING', colour: 'red' },
};

export const lesson: Lesson = {
  title: 'Resolved but not fixed',
  chapter: 'Alerts',
  minutes: 7,
  question: 'The disk alert is RESOLVED. Why is the disk still full?',
  change: 'own',
  layer: 'producer',
  changes: 'three disks fill up and orders fail; then a host leaves, a reading becomes NaN, and the orders stop',
  matters: 'an alert ends when its expression returns nothing: fixed, stale and NaN look the same',
  todo: [
    'Open the guide’s inbox: after half a minute DiskFull is RESOLVED for three disks. Only one of them was emptied.',
    'Query the disks: one series is stale, one is NaN. Neither is under 0.1, and so neither is an alert.',
    'Compare the alerts whose names end in OrUnknown: they go on until a disk is known to have space.',
  ],
  queries: [
    { expr: diskFree, read: 'three disks: one emptied, one NaN, one stale', noValue: 'at rest' },
    { expr: watches.disk.bad, read: 'empty after 20 s: the alert has ended', noValue: 'always' },
    { expr: watches.disk.orUnknown, read: 'the fix: what is known, and not known to be fine', noValue: 'at rest' },
    { expr: watches.disks.is, read: 'the average: one NaN makes it NaN', noValue: 'at rest' },
    { expr: `${diskFree} != ${diskFree}`, read: 'NaN alone is not equal to itself', noValue: 'at rest' },
    { expr: well, read: 'nothing of the second, where none has failed', noValue: 'at rest' },
    { expr: wellZeroed, read: 'the fix: 0 in place of what is not there', noValue: 'at rest' },
  ],
  expect: 'Five alerts fire and are RESOLVED; one disk was emptied, all else is as bad as before.',
  insight:
    'RESOLVED means that the expression returned nothing. Write alerts that end when all is known to be fine: what is known, unless it is fine. And give a ratio its zero before the first error.',
  lookBack: '10m',
  panels: [
    {
      title: 'Disk alerts of three hosts: all RESOLVED, one fixed',
      kind: 'timeline',
      targets: [diskState(watches.disk.alert)],
      names: diskNames,
      unit: 'state',
      description: 'A row that ends is a host that has left: its series is stale.',
      width: 12,
      height: 7,
    },
    {
      title: 'Known and not known to be fine: two go on',
      kind: 'timeline',
      targets: [diskState(orUnknown(watches.disk))],
      names: diskNames,
      unit: 'state',
      width: 12,
      height: 7,
    },
    {
      title: 'An average over the disks ends with one NaN, an alert on failed orders with their traffic',
      kind: 'timeline',
      targets: [
        alertState(watches.disks.alert, 'average of the disks'),
        alertState(orUnknown(watches.disks), 'the same, or unknown'),
        alertState(watches.orders.alert, 'failed orders'),
        alertState(orUnknown(watches.orders), 'the same, or unknown '),
      ],
      names: alertNames,
      unit: 'state',
      width: 24,
      height: 8,
    },
  ],
  precondition: 'quiet',
  happensOnce: true,
  isActive: (lab) => instancesIn(lab).some(({ simulates }) => simulates.includes('disk')),
  exercises,
  comparisons,
  comparedOn: { INSTANCES: '3', DISK_2: '5%@6s', DISK_3: '5%@6s,NaN@20s' },
  picture,
  tooCoarse: (intervals) =>
    intervals.scrapeSeconds + intervals.evaluationSeconds > seenWithinSeconds
      ? bothTooCoarse(
          23,
          intervals,
          ': orders fail for seven seconds, and disks are full for fourteen, before that changes',
        )
      : undefined,
  plan: {
    environment: {
      INSTANCES: '4',
      LEAVES_AFTER: '20s',
      ORDERS_1: 'fail@3s,stop@10s',
      ORDERS_2: 'on',
      DISK_2: '5%@6s,50%@20s',
      DISK_3: '5%@6s,NaN@20s',
      DISK_4: '5%@6s',
    },
    rules: written,
  },
  check,
};
