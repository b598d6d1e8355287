import { instancesIn } from '../../lab/evidence/fleet.ts';
import { alertNames, alertState } from '../../lab/model/alert-states.ts';
import { seconds } from '../../lab/model/format.ts';
import type { Lesson } from '../../lab/model/lesson.ts';
import { bothTooCoarse } from '../../lab/model/measurable.ts';
import {
  blip,
  budget,
  burning,
  downtime,
  hard,
  longSeconds,
  rateOver,
  shortSeconds,
  watches,
  written,
} from './burn.ts';
import { comparisons } from './comparisons.ts';
import { exercises } from './exercise.ts';
import { picture } from './picture.ts';
import { check } from './verdict.ts';

const { threshold, waiting, long, pair } = watches;
/** Two scrapes are in the short window; a downtime of twelve seconds is seen before it is over. */
const slowestSeconds = 5;

const lines = (service: string) => [
  {
    expr: rateOver(longSeconds, `{service="${service}"}`),
    legend: `share of ${longSeconds} s`,
    style: 'wide' as const,
  },
  { expr: rateOver(shortSeconds, `{service="${service}"}`), legend: `share of ${shortSeconds} s` },
];

export const lesson: Lesson = {
  title: 'Burn rate',
  chapter: 'Alerts',
  minutes: 7,
  question: 'How much is burnt when the page comes, and how often does it come for nothing?',
  change: 'own',
  layer: 'producer',
  changes: 'one service is down for a second and another for twelve; four alerts watch the same counter',
  matters: 'one window cannot weigh how bad it is against how long',
  todo: [
    `Open the guide’s inbox: ${threshold.alert} has paged for ${blip}, which was down for a second.`,
    `Compare when each alert fires for ${hard}: ${waiting.alert} pages when nearly all is over, ${long.alert} goes on long after it.`,
    `Find out what ${pair.alert} does otherwise: query both of its windows.`,
  ],
  queries: [
    { expr: downtime, read: 'seconds of downtime, from 0 on', noValue: 'at rest' },
    {
      expr: `${rateOver(longSeconds)} / ${budget}`,
      read: 'the burn rate: 1 is just what 99 % allow',
      noValue: 'at rest',
    },
    { expr: rateOver(shortSeconds), read: 'the short window: up at once, and down at once', noValue: 'at rest' },
    { expr: pair.expr, read: 'empty, unless both windows are over it: the fix', noValue: 'always' },
  ],
  expect: `${threshold.alert} pages twice, once for nothing; ${waiting.alert} once, late; ${long.alert} once, and does not end; ${pair.alert} once, and ends.`,
  insight:
    'Alert on the burn rate over a long window, so that a page is worth it, and over a short one as well, so that it ends. In life that is an hour and five minutes at 14.4 times the budget, and a second pair with longer windows and a lower factor for what burns slowly.',
  lookBack: '10m',
  panels: [
    {
      title: `${hard} is down for 12 s: one window rises late, one drops early`,
      kind: 'timeseries',
      targets: lines(hard),
      unit: 'ratio',
      range: [0, 1],
      threshold: burning,
      width: 12,
      height: 8,
    },
    {
      title: `${blip} is down for 1 s: the long window stays low`,
      kind: 'timeseries',
      targets: lines(blip),
      unit: 'ratio',
      range: [0, 1],
      threshold: burning,
      width: 12,
      height: 8,
    },
    {
      title: 'Who pages: a threshold twice, for: late, a long window too long, the pair right',
      kind: 'timeline',
      targets: Object.values(watches).flatMap(({ alert }) =>
        [hard, blip].map((service) => alertState(alert, `${alert} ${service}`, `service="${service}"`)),
      ),
      names: alertNames,
      unit: 'state',
      width: 24,
      height: 8,
    },
  ],
  precondition: 'quiet',
  happensOnce: true,
  isActive: (lab) => instancesIn(lab).some(({ simulates }) => simulates.includes('downtime')),
  exercises,
  picture,
  comparisons,
  // Down while make compare asks.
  comparedOn: { INSTANCES: '2', DOWNTIME_2: `${hard}:20s@1m` },
  tooCoarse: (intervals) =>
    Math.max(intervals.scrapeSeconds, intervals.evaluationSeconds) > slowestSeconds
      ? bothTooCoarse(26, intervals, ` for a window of ${seconds(shortSeconds)}`)
      : undefined,
  plan: { environment: { DOWNTIME: 'search:1s@12s,checkout:12s@7s' }, rules: written },
  check,
};
