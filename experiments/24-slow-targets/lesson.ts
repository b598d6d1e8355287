import { instancesIn } from '../../lab/evidence/fleet.ts';
import { alertNames, alertState } from '../../lab/model/alert-states.ts';
import { seconds } from '../../lab/model/format.ts';
import type { Lesson } from '../../lab/model/lesson.ts';
import { comparisons } from './comparisons.ts';
import { exercises } from './exercise.ts';
import { picture } from './picture.ts';
import { failedShare, fast, longJobs, of, queueLong, scrapesFail, slow, waiting, written } from './queue.ts';
import { check, scrapesFor } from './verdict.ts';

/** The rules look a minute back, in which there have to be some scrapes. */
const slowestSeconds = 15;

export const lesson: Lesson = {
  title: 'Slow targets',
  chapter: 'Metrics',
  minutes: 6,
  question: 'The queue is long half of the time. Why has nobody ever seen it over 500?',
  change: 'own',
  layer: 'producer',
  changes: 'two instances with the same queue; the page of one is slow while many jobs wait, and its scrape times out',
  matters: 'a target that is slow under load has no samples of the load: the worst moments are those that are missing',
  todo: [
    'Graph the queue of both instances: the slow one has a gap whenever the queue is long.',
    'Compare how long a scrape of each takes: the slow one comes up to the timeout of a second.',
    'Compare the two alerts: the queue of the slow one is never over 1000, and only up says that something is wrong.',
  ],
  queries: [
    { expr: waiting, read: 'the same queue twice: 500 at most, and 1700', noValue: 'at rest' },
    { expr: `max_over_time(${waiting}[1m])`, read: 'no sample, no maximum', noValue: 'at rest' },
    { expr: of('scrape_duration_seconds', slow), read: 'a second is the timeout', noValue: 'at rest' },
    { expr: failedShare, read: 'what share of the scrapes failed in a minute', noValue: 'at rest' },
    { expr: `${waiting} > ${longJobs} or up == 0`, read: 'long, or nobody knows', noValue: 'at rest' },
  ],
  expect: 'The slow instance shows 500 jobs at most and about half of its scrapes fail; the fast one shows 1700.',
  insight:
    'A failed scrape is no random loss: what makes the service bad makes the page slow. Alert on up together with the figure, keep the page fast whatever the service does, or give it a longer scrape_timeout.',
  lookBack: '5m',
  panels: [
    {
      title: 'One queue: the slow page has no sample of it while it is long',
      kind: 'timeseries',
      targets: [
        { expr: of(waiting, fast), legend: 'fast page' },
        { expr: of(waiting, slow), legend: 'slow page', style: 'points' },
      ],
      unit: 'count',
      threshold: longJobs,
      width: 24,
      height: 8,
    },
    {
      title: 'How long a scrape takes: a second is the timeout',
      kind: 'timeseries',
      targets: [{ expr: of('scrape_duration_seconds', slow), legend: 'slow page', style: 'points' }],
      unit: 'seconds',
      threshold: 1,
      width: 12,
      height: 8,
    },
    {
      title: 'QueueLong sees the fast one, ScrapesFail the slow one',
      kind: 'timeline',
      targets: [queueLong, scrapesFail].flatMap((alert) => [
        alertState(alert, `${alert}, fast page`, `instance="${fast}"`),
        alertState(alert, `${alert}, slow page`, `instance="${slow}"`),
      ]),
      names: alertNames,
      unit: 'state',
      width: 12,
      height: 8,
    },
  ],
  precondition: 'scraped',
  isActive: (lab) => instancesIn(lab).some(({ simulates }) => simulates.includes('slow')),
  exercises,
  comparisons,
  comparedOn: { INSTANCES: '2', SLOW_2: '1ms' },
  picture,
  tooCoarse: ({ scrapeSeconds }) =>
    scrapesFor(scrapeSeconds) === undefined || scrapeSeconds > slowestSeconds
      ? {
          reason: `of a scrape every ${seconds(scrapeSeconds)} too few meet the queue in a minute, or all at the same stages`,
          type: 'make exp-24 SCRAPE_INTERVAL=5s',
        }
      : undefined,
  plan: { environment: { INSTANCES: '3', SLOW_2: '1ms', SLOW_3: '0ms' }, rules: written },
  check,
};
