import { seconds } from './format.ts';
import type { Intervals, Lesson } from './lesson.ts';
import type { Judgement } from './verdict.ts';

/** The checks are made for these intervals; a slower lab shows too little in the time that somebody waits. */
const longestIntervalSeconds = 60;

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
