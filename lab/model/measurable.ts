import { seconds } from './format.ts';
import type { Lab } from './lab.ts';
import type { Judgement } from './verdict.ts';

/** The checks are made for these intervals; a slower lab shows too little in the time that somebody waits. */
export const longestIntervalSeconds = 60;

/** Why nothing can be measured at the intervals in force; undefined where it can. */
export const unmeasurable = ({ scrapeSeconds, evaluationSeconds }: Lab): Judgement | undefined => {
  const slow = (what: string, interval: number) =>
    `${what} every ${seconds(interval)}, and the checks measure at up to ${seconds(longestIntervalSeconds)}`;
  if (scrapeSeconds > longestIntervalSeconds) {
    return { kind: 'elsewhere', reason: slow('Prometheus scrapes', scrapeSeconds) };
  }
  if (evaluationSeconds > longestIntervalSeconds) {
    return { kind: 'elsewhere', reason: slow('rules are evaluated', evaluationSeconds) };
  }
  return undefined;
};
