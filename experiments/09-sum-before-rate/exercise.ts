import { whereMeasured } from '../../lab/judging/measurement.ts';
import { hull } from '../../lab/judging/ranges.ts';
import type { Exercise, Expected } from '../../lab/model/exercise.ts';
import { requests } from '../../lab/model/metrics.ts';
import type { Judgement } from '../../lab/model/verdict.ts';
import { rate } from '../../lab/promql/extrapolation.ts';
import { wholeSince, windowSecondsFor } from './fall.ts';
import { type Measured, recordedSum } from './findings.ts';
import { fallIn, measure, verdict } from './verdict.ts';

const window = '30s';
const seconds = 30;

export const exercises: readonly Exercise[] = [
  {
    task: 'How many requests per second arrived at all instances together, over the last half minute, also while one of them left? One number.',
    start: `rate(${recordedSum}[${window}])`,
    hints: [
      'The recorded sum fell when an instance left, and `rate()` takes every fall for a restart.',
      'A counter by itself falls only at a restart: take the rate of each.',
      'Rates may be added up: `sum()` comes last.',
    ],
    answer: `sum(rate(${requests}[${window}]))`,
    why: 'First the rate, then the sum: an instance that leaves then takes its own share with it and nothing else.',
    mistakes: [
      {
        query: `rate(${recordedSum}[${window}])`,
        why: 'when an instance left, the sum fell by all that it had counted: thousands of requests that never were',
      },
      { query: `sum(${requests})`, why: 'this is how many there were since each instance started' },
      { query: `rate(${requests}[${window}])`, why: 'this is a figure for each instance: add them up' },
      { query: `avg(rate(${requests}[${window}]))`, why: 'this is what one instance gets on average' },
      {
        query: `sum(increase(${requests}[${window}]))`,
        why: 'this is how many there were in the half minute: thirty times too much for a second',
      },
    ],
    expected: async (read, lab) => {
      const measured = await measure(read, lab);
      const { before, after } = instantsOf(measured);
      const isSlow = windowSecondsFor(lab) > seconds;
      return whereMeasured(isSlow ? tooSlow : verdict(measured), 'make exp-9', before, after);
    },
  },
];

const tooSlow: Judgement = {
  kind: 'elsewhere',
  reason: `${window} hold too few samples at this scrape interval`,
  type: 'make exp-9 SCRAPE_INTERVAL=5s',
};

/** Evaluations before the fall, whose windows hold no instance that was just coming, and evaluations just after it. */
const instantsOf = (measured: Measured): { before: Expected[]; after: Expected[] } => {
  const { lab, members, recorded } = measured;
  const [fall, whole] = [fallIn(measured), wholeSince(recorded, members)];
  if (fall === undefined || whole === undefined) return { before: [], after: [] };
  const [fellAt] = recorded[fall.index]!;
  const rateAt = (at: number) =>
    members.reduce((sum, { requests: samples }) => sum + (rate(samples, at, seconds) ?? 0), 0);
  const between = (from: number, to: number): Expected[] =>
    recorded
      .filter(([at]) => at >= from && at < to)
      .map(([at]) => ({ at, number: hull(rateAt(at), rateAt(at - lab.scrapeSeconds))! }));
  return { before: between(whole + seconds, fellAt), after: between(fellAt, Math.min(fellAt + seconds, fall.until)) };
};
