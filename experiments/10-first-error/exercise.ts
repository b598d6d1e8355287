import { instancesIn } from '../../lab/evidence/fleet.ts';
import { isJudgement, leftover } from '../../lab/evidence/happening.ts';
import { hasLeftover } from '../../lab/evidence/stale.ts';
import { whereMeasured } from '../../lab/judging/measurement.ts';
import type { Exercise, Expected } from '../../lab/model/exercise.ts';
import { lazy, window, windowSeconds } from './twins.ts';
import { look, type Measured, verdict } from './verdict.ts';

export const exercises: readonly Exercise[] = [
  {
    task: `Write the expression of an alert on ${lazy.metric} that is true for a minute after an instance's first errors, although the counter was created by them.`,
    start: `increase(${lazy.metric}[${window}]) > 0`,
    hints: [
      'An increase needs a sample from before the errors, and there is none.',
      'That a series is there now, and was not there a minute ago, is a sign in itself.',
      '`offset 1m` asks for a minute ago; `unless` drops the series that are on its right side, too.',
    ],
    answer: `${lazy.metric} unless ${lazy.metric} offset ${window}`,
    why: 'Where the exporter cannot be changed, a series that is new is the sign. Better is a counter that is 0 from the start.',
    mistakes: [
      {
        query: `increase(${lazy.metric}[${window}]) > 0`,
        why: 'this is never true: between two samples of the same value nothing happened',
      },
      { query: `${lazy.metric} > 0`, why: 'this stays true for ever: the counter does not go back to 0' },
      {
        query: `changes(${lazy.metric}[${window}]) > 0`,
        why: 'this is never true: the first value of a series is no change',
      },
      { query: `absent(${lazy.metric})`, why: 'this is true before the first error, and not after it' },
      {
        query: `${lazy.metric} offset ${window}`,
        why: 'this is true from a minute after the errors on, and then for ever',
      },
    ],
    expected: async (read, lab) => {
      const others = instancesIn(lab).filter(
        ({ simulates }) => simulates.includes('burst') || simulates.includes('errors'),
      );
      if (others.length > 1) {
        return { kind: 'elsewhere', reason: 'several instances have errors', type: 'make exp-10' };
      }
      const measured = await look(read, lab);
      if (isJudgement(measured)) return whereMeasured(measured, 'make exp-10');
      const judgement = verdict(measured);
      const { before, during, after, isOver, seconds } = instantsOf(measured);
      const earlier = { labels: {}, samples: measured.lazy.before };
      if (hasLeftover([earlier], lab, measured.since)) {
        return whereMeasured(leftover('the counter', lab), 'make exp-10');
      }
      if (judgement.kind === 'measured' && !isOver)
        return { kind: 'wait', seconds, reason: 'a minute after the errors' };
      return whereMeasured(judgement, 'make exp-10', before, during, after);
    },
  },
];

/** So near to an edge nothing is asked: a scrape takes a moment. */
const margin = 1;

/** Instants before the first sample with the errors, in the minute after it, and in the minute after that. */
const instantsOf = ({ lab, since, lazy: late, zeroed: early }: Measured) => {
  const { now, scrapeSeconds } = lab;
  const createdAt = late.samples[0]?.[0] ?? Number.POSITIVE_INFINITY;
  const end = createdAt + windowSeconds;
  // For a minute after the start the counter of an exporter before is still found a minute ago.
  const alone = late.before.length > 0 ? since + windowSeconds + scrapeSeconds : since;
  const at = (from: number, to: number, fires: boolean): Expected[] =>
    Array.from({ length: 12 }, (_, index) => Math.round(from + margin + 5 * index))
      .filter((instant) => instant <= to - margin)
      .map((instant) => ({ at: instant, fires }));
  // The first instant after the minute is a whole second, and lies a margin before now.
  const over = end + scrapeSeconds + 3 * margin;
  return {
    before: at(early.samples[0]?.[0] ?? since, createdAt, false),
    during: at(Math.max(createdAt, alone), end, true),
    after: at(end + margin, Math.min(now, end + windowSeconds), false),
    isOver: now > over,
    seconds: Math.max(1, Math.ceil(over - now)),
  };
};
