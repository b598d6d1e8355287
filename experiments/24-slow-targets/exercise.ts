import { activeSince } from '../../lab/evidence/samples.ts';
import { type Between, betweenScrapes } from '../../lab/judging/between.ts';
import { tooFewSamples } from '../../lab/judging/expectation.ts';
import { spread } from '../../lab/judging/instants.ts';
import { seriesOf } from '../../lab/judging/scenario.ts';
import type { Exercise, Expected, World } from '../../lab/model/exercise.ts';
import { targetUp } from '../../lab/model/metrics.ts';
import { longJobs, of, slow, waiting } from './queue.ts';
import { queuesIn, storingSeconds } from './verdict.ts';

const slowestSeconds = 15;
const [readSeconds, windowSeconds] = [300, 60];
const [jobs, up] = [of(waiting, slow), of('up', slow)];
const [jobsMinute, upMinute] = [`${jobs}[1m]`, `${up}[1m]`];

/** Whether a rising step has come by then, as a number. */
const from = (second: number) => `(t >= bool ${second})`;

const worlds: readonly World[] = [
  {
    asks: 'alert',
    where: 'where the page is fast and the queue is long for a while',
    series: [seriesOf(waiting, `500 + 1000 * ${from(100)} - 1000 * ${from(200)}`, {}, 2), seriesOf('up', 1, {}, 2)],
    at: [50, 150, 230],
  },
  {
    asks: 'alert',
    where: 'where the scrapes fail for a while',
    series: [
      { ...seriesOf(waiting, 500, {}, 2), during: [0, 100] },
      { ...seriesOf(waiting, 600, {}, 2), during: [200, 400] },
      seriesOf('up', `1 - ${from(100)} + ${from(200)}`, {}, 2),
    ],
    at: [50, 150, 230],
  },
];

/**
 * Both are right by the stored samples of the slow instance, half-way between two scrapes.
 * @param ownSeconds  so long before it the step was active already: an instance of another fleet may have had its name
 */
const judgedBy =
  (ownSeconds: number, right: (between: Between) => Expected | undefined): Exercise['expected'] =>
  async (read, lab) => {
    if ((await queuesIn(lab, read)) === undefined) {
      return { kind: 'elsewhere', reason: 'no instance has a slow page', type: 'make exp-24' };
    }
    const tooFew = tooFewSamples(windowSeconds, windowSeconds / slowestSeconds, 'make exp-24 SCRAPE_INTERVAL=5s')(lab);
    if (tooFew) return tooFew;
    const until = lab.now - storingSeconds;
    const from = until - readSeconds;
    // What the window of an instant holds has to be among the samples that are read.
    const since = Math.max(from + windowSeconds, activeSince(lab) + ownSeconds);
    const known = (await betweenScrapes(read, [waiting], [slow], { from, until })).filter(({ at }) => at > since);
    const candidates = known.flatMap((between) => right(between) ?? []);
    const bad = candidates.filter((each) => 'fires' in each && each.fires);
    const others = candidates.filter((each) => !bad.includes(each));
    const instants = [...spread(bad, 3), ...spread(others, bad.length > 0 ? 3 : 6)];
    if (instants.length >= 3) return { kind: 'known', instants };
    return { kind: 'wait', seconds: Math.max(0, since - until) + 3 * lab.scrapeSeconds, reason: 'some more scrapes' };
  };

const longOrUnknown = judgedBy(0, ({ at, newest }) => ({
  at,
  fires: newest(targetUp, slow) === 0 || (newest(waiting, slow) ?? 0) > longJobs,
}));
const missing = judgedBy(windowSeconds, ({ at, within }) => {
  // Where all are missing, a count of them says nothing.
  if (within(waiting, slow, windowSeconds).length === 0) return undefined;
  const failed = within(targetUp, slow, windowSeconds).filter(([, value]) => value === 0).length;
  return { at, number: [failed, failed] };
});

export const exercises: readonly Exercise[] = [
  {
    task: `Write the expression of an alert that is true while the queue of ${slow} is over ${longJobs}, or while nobody knows, since the last scrape failed.`,
    start: `${jobs} > ${longJobs}`,
    hints: [
      'While its page is slow there is no sample, and so no sample over anything.',
      'Each scrape leaves a sample of `up`: 1, or 0 where it failed.',
      '`A or B` is true where either of them returns a series.',
    ],
    answer: `${jobs} > ${longJobs} or ${up} == 0`,
    why: 'A target that is slow under load fails its scrapes when it is worst: an alert on its figures has to take a failed scrape for bad news.',
    mistakes: [
      {
        query: `${jobs} > ${longJobs}`,
        why: 'this is never true: whenever the queue is that long, there is no sample of it',
      },
      {
        query: `max_over_time(${jobsMinute}) > ${longJobs}`,
        why: 'a longer look back finds no sample of the long queue either: there never was one',
      },
      { query: `${up} == 0`, why: 'this is true where nobody knows, and not where the queue is known to be long' },
      {
        query: `avg_over_time(${upMinute}) < 0.9`,
        why: 'this stays true for up to a minute after the last scrape that failed',
      },
      {
        query: `absent(${jobs})`,
        why: 'this is true where there is no sample, and not where the queue is known to be long',
      },
    ],
    alsoRight: [
      `${up} == 0 or ${jobs} > ${longJobs}`,
      `${up} < 1 or ${jobs} >= ${longJobs + 1}`,
      `(${jobs} > bool ${longJobs}) == 1 or ${up} != 1`,
      `count(${jobs} > ${longJobs} or ${up} == 0) > 0`,
    ],
    alsoWrong: [
      `${jobs} > bool ${longJobs} or ${up} == 0`,
      `${jobs} > ${longJobs} and ${up} == 0`,
      `${jobs} > 100 or ${up} == 0`,
      `${jobs} > ${longJobs} or ${up}`,
      `${jobs} > ${longJobs} or ${up} == bool 0`,
    ],
    worlds,
    slowestSeconds,
    expected: longOrUnknown,
  },
  {
    task: `How many samples of the queue of ${slow} are missing in the last minute? One number.`,
    start: `count_over_time(${jobsMinute})`,
    hints: [
      'How many there are says nothing of how many there should be.',
      'Each scrape leaves a sample of `up`, whether it failed or not.',
      'Two counts of the same instance can be subtracted.',
    ],
    answer: `count_over_time(${upMinute}) - count_over_time(${jobsMinute})`,
    why: 'up is stored at every scrape, so that it says how many samples a figure was made of, and how many are missing.',
    mistakes: [
      { query: `count_over_time(${jobsMinute})`, why: 'these are the samples that are there' },
      { query: `count_over_time(${upMinute})`, why: 'these are all scrapes, those that succeeded included' },
      { query: `1 - avg_over_time(${upMinute})`, why: 'this is the share that is missing, from 0 to 1' },
      { query: `changes(${upMinute})`, why: 'this is how often it changed between the two' },
    ],
    alsoRight: [
      `count_over_time(${upMinute}) - sum_over_time(${upMinute})`,
      `count_over_time(${upMinute}) * (1 - avg_over_time(${upMinute}))`,
      `sum(count_over_time(${upMinute})) - sum(sum_over_time(${upMinute}))`,
    ],
    alsoWrong: [
      `sum_over_time(${upMinute})`,
      `count_over_time(${jobsMinute}) - count_over_time(${upMinute})`,
      `resets(${upMinute})`,
      `count_over_time(${upMinute}) - 1`,
    ],
    slowestSeconds,
    expected: missing,
  },
];
