import { isJudgement } from '../../lab/evidence/happening.ts';
import { gapSeconds, midpoints } from '../../lab/judging/instants.ts';
import { whereMeasured } from '../../lab/judging/measurement.ts';
import type { Exercise, Expected, World, WorldSeries } from '../../lab/model/exercise.ts';
import { seconds } from '../../lab/model/format.ts';
import type { Lab } from '../../lab/model/lab.ts';
import type { Sample } from '../../lab/promql/sample.ts';
import { byPost, byPut, lastSuccess, lateSeconds, of, pushed, type Scrape, said, success } from './jobs.ts';
import { scrapesNow } from './verdict.ts';

const command = 'make exp-28';
const slowestSeconds = 5;
const [pushedAt, well, succeededAt] = [pushed, success, lastSuccess].map((metric) => of(metric, byPut)) as [
  string,
  string,
  string,
];
const age = `time() - ${pushedAt}`;
const isLate = `${age} > ${lateSeconds}`;

/** What is known of the job half-way between two scrapes. */
type Known = { at: number; pushed: number; well: boolean };

const knownIn = (scrapes: readonly Scrape[], lab: Lab): Known[] => {
  const samples = scrapes.map(({ at }): Sample => [at, 0]);
  return midpoints(samples, gapSeconds(lab)).flatMap(({ at, index }) => {
    const [time, is] = [pushed, success].map((metric) => said(scrapes[index]!, metric, byPut));
    return time === undefined || is === undefined ? [] : [{ at, pushed: time, well: is === 1 }];
  });
};

/** @param kinds  each of them has to be seen */
const judgedBy =
  (right: (known: Known) => Expected | undefined, ...kinds: ((known: Known) => boolean)[]): Exercise['expected'] =>
  async (read, lab) => {
    if (lab.scrapeSeconds > slowestSeconds) {
      const reason = `a scrape every ${seconds(lab.scrapeSeconds)} sees too little of what the jobs push`;
      return { kind: 'elsewhere', reason, type: `${command} SCRAPE_INTERVAL=5s` };
    }
    const scrapes = await scrapesNow(read, lab);
    if (isJudgement(scrapes)) return whereMeasured(scrapes, command);
    const known = knownIn(scrapes, lab);
    const instants = kinds.map((kind) => known.filter(kind).flatMap((each) => right(each) ?? []));
    return whereMeasured({ kind: 'measured', findings: [] }, command, ...instants);
  };

const isOld = ({ at, pushed: time }: Known): boolean => at - time > lateSeconds;
/** No millisecond is to decide. */
const isClear = ({ at, pushed: time }: Known): boolean => Math.abs(at - time - lateSeconds) > 0.2;

/** Second 0 of every world. */
const origin = 1_000_000_000;
const inGroup = (job: string, metric: string, value: string, during?: WorldSeries['during']): WorldSeries => ({
  labels: { __name__: metric, job },
  value,
  ...(during && { during }),
});
/** @param since  the second of the last push; @param is  1 where that run succeeded; @param until  when a push took the time of the last success away */
const job = (name: string, since: number, is: number, succeeded: number, until?: number): WorldSeries[] => [
  inGroup(name, pushed, `${origin + since}`),
  inGroup(name, success, `${is}`),
  inGroup(name, lastSuccess, `${origin + succeeded}`, until === undefined ? undefined : [0, until]),
];
const asked = 100;
const world = (where: string, series: WorldSeries[]): World => ({ asks: 'alert', where, series, at: [asked] });
const gateway = { labels: { __name__: 'up', job: 'pushgateway' }, value: '1' };
const others = [
  gateway,
  inGroup('pushgateway', 'process_start_time_seconds', `${origin + 5}`),
  ...job(byPost, asked - 60, 0, asked - 60),
];

export const exercises: readonly Exercise[] = [
  {
    task: `Write the expression of an alert that is true while the job ${byPut} has not pushed for more than ${lateSeconds} s, and while its last run has failed.`,
    start: `${well} == 0`,
    hints: [
      'A job that died pushes nothing, and so its last success stays as it is.',
      `The Pushgateway writes ${pushed} for each group: the time of its last push.`,
      '`A or B` is there where one of the two is.',
    ],
    answer: `${isLate} or ${well} == 0`,
    why: 'One part knows of a job that died, the other of one that fails; no push can silence both.',
    mistakes: [
      { query: `${well} == 0`, why: 'of a job that died the last run was well, and stays well for ever' },
      {
        query: `time() - ${succeededAt} > ${lateSeconds}`,
        why: 'the run that failed has replaced its group by PUT: the time of the last success is deleted, and the alert ends',
        onlyLive: 'the end of a series',
      },
      { query: isLate, why: 'a run that fails pushes as well: this ends when the job fails' },
      { query: `absent(${well})`, why: 'nothing is ever absent: a Pushgateway keeps what was pushed' },
      { query: 'up{job="pushgateway"} == 0', why: 'this is about the Pushgateway, which is up all the while' },
    ],
    alsoRight: [
      `(${isLate}) or (${well} < 1)`,
      `${well} == 0 or ${isLate}`,
      `${pushedAt} < time() - ${lateSeconds} or ${well} != 1`,
    ],
    alsoWrong: [
      `${isLate} and ${well} == 0`,
      `${well} == 1`,
      `${success} == 0 or time() - ${pushed} > ${lateSeconds}`,
      'vector(1)',
    ],
    worlds: [
      world('where the job has just pushed', [...others, ...job(byPut, asked - 3, 1, asked - 3)]),
      world('where it died', [...others, ...job(byPut, asked - 40, 1, asked - 40)]),
      world('where its last run has failed', [...others, ...job(byPut, asked - 3, 0, asked - 40, asked - 3)]),
      world('where it has failed, and died', [...others, ...job(byPut, asked - 30, 0, asked - 90)]),
    ],
    slowestSeconds,
    expected: judgedBy(
      (known) => (isClear(known) ? { at: known.at, fires: isOld(known) || !known.well } : undefined),
      (known) => !isOld(known) && known.well,
      (known) => isOld(known) && known.well,
      (known) => !isOld(known) && !known.well,
    ),
  },
  {
    task: `How many seconds ago did the job ${byPut} push for the last time? One number.`,
    start: pushedAt,
    hints: [
      `${pushed} is a time: seconds since 1970.`,
      '`time()` is the instant at which the query is evaluated.',
      'A run that failed has pushed, too.',
    ],
    answer: age,
    why: 'The value of push_time_seconds is when; its timestamp is only when it was scraped.',
    mistakes: [
      {
        query: `time() - timestamp(${pushedAt})`,
        why: 'this is the age of the scrape: every scrape finds what was pushed long ago',
      },
      {
        query: `time() - ${succeededAt}`,
        why: 'this is the last success, and nothing once a run that failed has replaced it',
        onlyLive: 'the end of a series',
      },
      { query: pushedAt, why: 'this is when, as a time: subtract it from the time of now' },
      {
        query: 'time() - process_start_time_seconds{job="pushgateway"}',
        why: 'this is how long ago the Pushgateway began, not the last push to it',
      },
    ],
    alsoRight: [`time() - max(${pushedAt})`, `-(${pushedAt} - time())`, `scalar(time() - ${pushedAt})`],
    alsoWrong: [`${pushedAt} - time()`, `changes(${pushedAt}[1m])`, `(${age}) / 60`],
    worlds: [20, 60].map((since) => ({
      where: `where it pushed ${asked - since} s ago`,
      series: [...others, ...job(byPut, since, 1, since - 5)],
      at: [asked],
    })),
    slowestSeconds,
    expected: judgedBy(
      ({ at, pushed: time }) => ({ at, number: [at - time - 0.002, at - time + 0.002] }),
      ({ well: is }) => is,
      ({ well: is }) => !is,
    ),
  },
];
