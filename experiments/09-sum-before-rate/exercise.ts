import { isJudgement } from '../../lab/evidence/happening.ts';
import { whereMeasured } from '../../lab/judging/measurement.ts';
import { hull } from '../../lab/judging/ranges.ts';
import { asked, restarted, seriesOf, uneven } from '../../lab/judging/scenario.ts';
import { counter } from '../../lab/judging/world.ts';
import type { Exercise, Expected, World } from '../../lab/model/exercise.ts';
import { requests } from '../../lab/model/metrics.ts';
import type { Judgement } from '../../lab/model/verdict.ts';
import { rate } from '../../lab/promql/extrapolation.ts';
import { wholeSince, windowSecondsFor } from './fall.ts';
import { type Measured, recordedSum } from './findings.ts';
import { look, verdict } from './verdict.ts';

const window = '30s';
const seconds = 30;

const worlds: readonly World[] = [
  {
    where: 'with four instances, one of which restarted in the window',
    series: [
      seriesOf(requests, counter([[0, 5]])),
      seriesOf(requests, counter([[0, 40]]), {}, 2),
      seriesOf(requests, counter([[0, 15]]), {}, 3),
      seriesOf(requests, restarted(seconds, 20), {}, 4),
    ],
    at: [asked],
    tolerance: 0.05,
  },
  {
    where: 'where the traffic changed within the window and before it',
    series: [1, 2, 3].map((instance) => seriesOf(requests, uneven(seconds, 50 * instance), {}, instance)),
    at: [asked],
    tolerance: 0.05,
  },
  {
    where: 'where an instance left in the window',
    series: [
      seriesOf(requests, counter([[0, 20]])),
      { ...seriesOf(requests, counter([[0, 10]]), {}, 2), during: [0, asked - 10] },
    ],
    at: [asked],
    tolerance: 0.05,
  },
];

export const exercises: readonly Exercise[] = [
  {
    task: 'How many requests per second arrived at all instances together, over the last half minute, also while one of them left? One number.',
    start: `rate(${recordedSum}[${window}])`,
    hints: [
      'The recorded sum dropped when an instance left, and `rate()` treats every drop as a counter reset.',
      'A single counter drops only at a restart: take the rate of each.',
      'Rates may be added up: `sum()` comes last.',
    ],
    answer: `sum(rate(${requests}[${window}]))`,
    why: 'First the rate, then the sum: an instance that leaves then takes its own share with it and nothing else.',
    mistakes: [
      {
        query: `rate(${recordedSum}[${window}])`,
        why: 'when an instance left, the sum dropped by all that it had counted: thousands of requests that never happened',
      },
      { query: `sum(${requests})`, why: 'this is how many there were since each instance started' },
      { query: `rate(${requests}[${window}])`, why: 'this is a figure for each instance: add them up' },
      { query: `avg(rate(${requests}[${window}]))`, why: 'this is what one instance gets on average' },
      {
        query: `sum(increase(${requests}[${window}]))`,
        why: 'this is how many there were in the half minute: thirty times too much for a second',
      },
      {
        query: `rate(sum(${requests})[${window}:5s])`,
        why: 'a sum in a subquery is a sum before the rate, too: it dropped when the instance left, and `rate()` treats that as a counter reset',
      },
      {
        query: `sum(delta(${requests}[${window}])) / ${seconds}`,
        why: '`delta()` is for gauges: it does not correct for counter resets',
      },
    ],
    alsoRight: [
      `sum(increase(${requests}[${window}])) / 30`,
      `sum by (job) (rate(${requests}[${window}]))`,
      `avg(rate(${requests}[${window}])) * count(rate(${requests}[${window}]))`,
      `scalar(sum(rate(${requests}{job="my_app"}[${window}])))`,
    ],
    alsoWrong: [
      `avg(rate(${requests}[${window}])) * 3`,
      `rate(${requests}{instance="exporter:8000"}[${window}]) + ignoring (instance) rate(${requests}{instance="exporter:8001"}[${window}]) + ignoring (instance) rate(${requests}{instance="exporter:8002"}[${window}])`,
      `sum(rate(${requests}{instance=~"exporter:800[0-2]"}[${window}]))`,
      `sum(irate(${requests}[${window}]))`,
      `sum(deriv(${requests}[${window}]))`,
      `sum(rate(${requests}[15s]))`,
      `sum(rate(${requests}[1m]))`,
      `max(rate(${requests}[${window}])) * 3`,
    ],
    worlds,
    mayBeRounded: true,
    slowestSeconds: 5,
    expected: async (read, lab) => {
      const measured = windowSecondsFor(lab) > seconds ? tooSlow : await look(read, lab);
      if (isJudgement(measured)) return whereMeasured(measured, 'make exp-9');
      const { before, after } = instantsOf(measured);
      return whereMeasured(verdict(measured), 'make exp-9', before, after);
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
  const { lab, members, recorded, fall } = measured;
  const whole = wholeSince(recorded, members);
  if (whole === undefined) return { before: [], after: [] };
  const [fellAt] = recorded[fall.index]!;
  const rateAt = (at: number) =>
    members.reduce((sum, { requests: samples }) => sum + (rate(samples, at, seconds) ?? 0), 0);
  const between = (from: number, to: number): Expected[] =>
    recorded
      .filter(([at]) => at >= from && at < to)
      .map(([at]) => ({ at, number: hull(rateAt(at), rateAt(at - lab.scrapeSeconds))! }));
  return { before: between(whole + seconds, fellAt), after: between(fellAt, Math.min(fellAt + seconds, fall.at)) };
};
