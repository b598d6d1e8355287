import { seconds } from './format.ts';
import type { Intervals, Lesson } from './lesson.ts';
import type { Judgement } from './verdict.ts';

/** The checks are made for these intervals; a slower lab shows too little in the time that somebody waits. */
const longestIntervalSeconds = 60;

/**
 * What a lesson says where both intervals are too coarse for it.
 * @param why  how the sentence goes on after "are too coarse", such as ` for a window of 10 s`
 */
export const bothTooCoarse = (
  experiment: number,
  { scrapeSeconds, evaluationSeconds }: Intervals,
  why: string,
): { reason: string; type: string } => ({
  reason: `a scrape every ${seconds(scrapeSeconds)} and an evaluation every ${seconds(evaluationSeconds)} are too coarse${why}`,
  type: `make exp-${experiment} SCRAPE_INTERVAL=5s EVALUATION_INTERVAL=5s`,
});

/**
 * Why nothing can be measured at the current intervals; undefined where it can, or where that shows once it is tried.
 * @param lesson  with what it says of intervals
 */
export const unmeasurable = (
  { tooCoarse }: Pick<Lesson, 'tooCoarse'>,
  intervals: Intervals,
): (Judgement & { kind: 'elsewhere' }) | undefined => {
  const slow = (what: string, interval: number) =>
    `${what} every ${seconds(interval)}, and the checks measure at up to ${seconds(longestIntervalSeconds)}`;
  const { scrapeSeconds, evaluationSeconds } = intervals;
  if (scrapeSeconds > longestIntervalSeconds) {
    return { kind: 'elsewhere', reason: slow('Prometheus scrapes', scrapeSeconds) };
  }
  if (evaluationSeconds > longestIntervalSeconds) {
    return { kind: 'elsewhere', reason: slow('rules are evaluated', evaluationSeconds) };
  }
  const coarse = tooCoarse?.(intervals);
  return coarse && !coarse.isByChance ? { kind: 'elsewhere', reason: coarse.reason, type: coarse.type } : undefined;
};
