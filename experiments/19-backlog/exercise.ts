import { whereMeasured } from '../expected.ts';
import { gapSeconds, midpoints } from '../instants.ts';
import { retried, waiting } from '../remote-write.ts';
import type { Exercise, Expected, Judgement, Lab, Sample, Series } from '../types.ts';
import { inWindow } from '../window.ts';
import { store } from './verdict.ts';

const window = '5m';
const windowSeconds = 300;
const readSeconds = 3_600;

/** An absence is in a window where so many times more waited than in a quiet one. */
const manyTimes = 2;

export const exercises: readonly Exercise[] = [
  {
    task: 'How many samples stood in the queue to the store at worst, at any scrape of the last five minutes? One number, so that an alert can tell of an absence that is over.',
    start: waiting,
    hints: [
      '`prometheus_remote_storage_samples_pending` is a gauge: it says how many are in the queue now, and forgets how many there were.',
      'Functions that end in `_over_time` look at all samples of a window.',
      'The worst of them is the highest: `max_over_time(…[5m])`.',
    ],
    answer: `max_over_time(${waiting}[${window}])`,
    why: 'A gauge tells of now. What was worst a minute ago is only in its window.',
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
    expected: async (read, lab) => {
      const stored = await read.samples(waiting, readSeconds, lab.now);
      const instants = instantsOf(stored, lab);
      const values = instants.map(({ number: [value] }) => value);
      const limit = manyTimes * Math.min(...values);
      const quiet = instants.filter(({ number: [value] }) => value <= limit);
      const worst = instants.filter(({ number: [value] }) => value > limit);
      return whereMeasured(state(quiet, worst, lab), 'make exp-19', quiet, worst);
    },
  },
];

type Instant = { at: number; number: readonly [number, number] } & Expected;

/** Half-way between two scrapes, once a whole window has been told by the Prometheus that sends to this store. */
const instantsOf = (stored: readonly Series[], lab: Lab): Instant[] => {
  const own = stored.find(({ labels }) => labels.url === lab.remoteWriteUrl)?.samples ?? [];
  const others = stored.filter(({ labels }) => labels.url !== lab.remoteWriteUrl).flatMap(({ samples }) => samples);
  const mostIn = (at: number) => Math.max(...inWindow(own, at, windowSeconds).map(([, value]) => value));
  const isAlone = (at: number) => !others.some(([time]: Sample) => time > at - windowSeconds && time <= at);
  return midpoints(own, gapSeconds(lab))
    .filter(({ at }) => isAlone(at))
    .map(({ at }) => ({ at, number: [mostIn(at), mostIn(at)] }));
};

/** What keeps it from being judged. */
const state = (quiet: readonly Expected[], worst: readonly Expected[], lab: Lab): Judgement => {
  if (lab.remoteWriteUrl === undefined) return { kind: 'elsewhere', reason: 'Prometheus sends nothing to a store' };
  if (quiet.length === 0) return { kind: 'wait', seconds: 3 * lab.scrapeSeconds, reason: 'what waits at rest' };
  if (worst.length > 0) return { kind: 'measured', findings: [] };
  return { kind: 'elsewhere', reason: 'the store has been there all the time', type: `make stop SERVICE=${store}` };
};
