import type { Absence } from '../../lab/evidence/outages.ts';
import { answersNow, notScrapedYet } from '../../lab/evidence/reachable.ts';
import { absencesIn, isSentTo, longestSeconds } from '../../lab/evidence/remote-endpoint.ts';
import { retried, waiting } from '../../lab/evidence/remote-write.ts';
import { exporterSince } from '../../lab/evidence/samples.ts';
import { gapSeconds, midpoints } from '../../lab/judging/instants.ts';
import { lasting, whereMeasured } from '../../lab/judging/measurement.ts';
import { seriesOf } from '../../lab/judging/scenario.ts';
import { steps } from '../../lab/judging/world.ts';
import type { Exercise, Expected, World } from '../../lab/model/exercise.ts';
import type { Lab } from '../../lab/model/lab.ts';
import type { Judgement } from '../../lab/model/verdict.ts';
import type { Sample, Series } from '../../lab/promql/sample.ts';
import { inWindow } from '../../lab/promql/window.ts';
import { store } from './verdict.ts';

const window = '5m';
const windowSeconds = 300;

/** An absence is in a window where so many times more waited than in a quiet one. */
const manyTimes = 2;

/** A queue that was full once in the last five minutes, and fuller once before each longer window. */
const fullBefore: World = {
  where: 'where other outages came before this one',
  series: [
    seriesOf(
      'prometheus_remote_storage_samples_pending',
      steps(
        [0, 400],
        [1000, 20_000],
        [1050, 400],
        [3200, 9_000],
        [3230, 400],
        [3330, 3_000],
        [3340, 400],
        [3500, 1_000],
        [3550, 400],
      ),
      { job: 'prometheus', instance: 'prometheus:9090', url: 'http://store:19291/api/v1/receive' },
    ),
  ],
  at: [3600],
};

export const exercises: readonly Exercise[] = [
  {
    task: 'How many samples were in the remote-write queue at worst, at any scrape of the last five minutes? One number, so that an alert can report an outage that is over.',
    start: waiting,
    hints: [
      '`prometheus_remote_storage_samples_pending` is a gauge: it says how many are in the queue now, and forgets how many there were.',
      'Functions that end in `_over_time` look at all samples of a window.',
      'The worst of them is the highest: `max_over_time(…[5m])`.',
    ],
    answer: `max_over_time(${waiting}[${window}])`,
    why: 'A gauge is about now. The worst value of the last minutes is only in a window.',
    mistakes: [
      { query: waiting, why: 'this is the queue of now: the absence that is over is not in it' },
      {
        query: `avg_over_time(${waiting}[${window}])`,
        why: 'an average: a short absence is hidden in a quiet five minutes',
      },
      {
        query: `increase(${retried}[${window}])`,
        why: 'this counts each try: a sample that was sent ten times in vain counts ten times',
      },
      {
        query: `sum_over_time(${waiting}[${window}])`,
        why: 'this counts a sample anew at each scrape at which it still stands there',
      },
    ],
    alsoRight: [
      `max(max_over_time(${waiting}[${window}]))`,
      `max_over_time(prometheus_remote_storage_samples_pending[300s])`,
      `quantile_over_time(1, ${waiting}[${window}])`,
      `max_over_time(${waiting}[${window}:1s])`,
    ],
    alsoWrong: [
      `max_over_time(${waiting}[1m])`,
      `max_over_time(${waiting}[2m])`,
      `max_over_time(${waiting}[10m])`,
      `max_over_time(${waiting}[60m])`,
      `quantile_over_time(0.95, ${waiting}[${window}])`,
      `min_over_time(${waiting}[${window}])`,
      `max_over_time(${waiting}[${window}] offset 5m)`,
      `max_over_time(${waiting}[${window}]) / 1000`,
    ],
    worlds: [fullBefore],
    onlyLive: 'the services that the step brings',
    expected: async (read, lab) => {
      const stored = await read.samples(waiting, longestSeconds, lab.now);
      const absences = await absencesIn(read, lab, store, exporterSince(lab));
      const seen = instantsOf(stored, absences, lab);
      const limit = manyTimes * Math.min(...seen.filter(({ isRest }) => isRest).map(({ number: [value] }) => value));
      const quiet = seen.filter(({ number: [value] }) => value <= limit);
      const worst = seen.filter(({ number: [value] }) => value > limit);
      const isThere = await answersNow(read, `${store}:10902`);
      const judgement = state({ seen, quiet, worst, absences, isThere, otherAt: lastOfOthers(stored, lab) }, lab);
      return whereMeasured(judgement, 'make exp-19', quiet, worst);
    },
  },
];

/** @property isRest  whether the store was there all the time */
type Instant = { at: number; number: readonly [number, number]; isRest: boolean } & Expected;

const isOwn = ({ labels }: Series, { remoteWriteUrl }: Lab): boolean => labels.url === remoteWriteUrl;

/** When another store was last sent to, unix seconds; undefined where none was. */
const lastOfOthers = (stored: readonly Series[], lab: Lab): number | undefined =>
  stored
    .filter((series) => !isOwn(series, lab))
    .flatMap(({ samples }) => samples.slice(-1))
    .map(([at]) => at)
    .sort((one, other) => other - one)[0];

/** Half-way between two scrapes, once a whole window is of the Prometheus that sends to this store. */
const instantsOf = (stored: readonly Series[], absences: readonly Absence[], lab: Lab): Instant[] => {
  const own = stored.find((series) => isOwn(series, lab))?.samples ?? [];
  const mostIn = (at: number) => Math.max(...inWindow(own, at, windowSeconds).map(([, value]) => value));
  const others = stored.filter((series) => !isOwn(series, lab)).flatMap(({ samples }) => samples);
  const isAlone = (at: number) => !others.some(([time]: Sample) => time > at - windowSeconds && time <= at);
  const isRest = (at: number) =>
    !absences.some(
      ({ lastSeen, seenAgain = Number.POSITIVE_INFINITY }) => lastSeen <= at && seenAgain >= at - windowSeconds,
    );
  return midpoints(own, gapSeconds(lab))
    .filter(({ at }) => isAlone(at))
    .map(({ at }) => ({ at, number: [mostIn(at), mostIn(at)], isRest: isRest(at) }));
};

type Seen = {
  seen: readonly Instant[];
  quiet: readonly Instant[];
  worst: readonly Instant[];
  absences: readonly Absence[];
  /** whether the store answers now */
  isThere: boolean;
  otherAt: number | undefined;
};

/** What keeps it from being judged. */
const state = ({ seen, quiet, worst, absences, isThere, otherAt }: Seen, lab: Lab): Judgement => {
  if (!isSentTo(store, lab)) {
    const answer = lab.remoteWriteUrl !== undefined && isThere;
    return notScrapedYet('the endpoint', answer, 'Prometheus does not remote-write', lab);
  }
  const scrapes = 3 * lab.scrapeSeconds;
  const untilWindowSince = (from: number) => from + windowSeconds + scrapes - lab.now;
  const absence = absences.at(-1);
  if (seen.length === 0) {
    const seconds = otherAt === undefined ? scrapes : Math.max(scrapes, untilWindowSince(otherAt));
    const reason =
      otherAt === undefined ? 'what waits at rest' : `${window} in which nothing was sent to another store`;
    return { kind: 'wait', seconds, reason };
  }
  if (seen.every(({ isRest }) => !isRest)) {
    if (!isThere) {
      const reason = `the endpoint is down, and no ${window} so far were without that`;
      return { kind: 'elsewhere', reason, type: `make start SERVICE=${store}` };
    }
    const seconds = Math.max(scrapes, untilWindowSince(absence?.seenAgain ?? lab.now));
    return {
      kind: 'wait',
      seconds,
      reason: `${window} in which the endpoint was up, to compare with`,
    };
  }
  if (worst.length > 0) return lasting(lab, quiet, worst);
  if (!isThere) return { kind: 'wait', seconds: scrapes, reason: 'the queue to grow' };
  const reason = 'no more has waited than at rest';
  return { kind: 'elsewhere', reason, type: `make stop SERVICE=${store}` };
};
