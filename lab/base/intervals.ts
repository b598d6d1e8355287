import type { Experiment, Intervals, Step } from '../model/lesson.ts';
import { unmeasurable } from '../model/measurable.ts';
import { slowScrape, slowScrapeSeconds } from './steps.ts';

/** How often the base lab scrapes, and evaluates its rules, where nothing is set; compose.yaml says the same. */
export const usualSeconds = 5;

/** The scrape interval that a step's texts are written for. */
const writtenFor = ({ overrides }: Pick<Step, 'overrides'>): number =>
  overrides.includes(slowScrape.overrides[0]!) ? slowScrapeSeconds : usualSeconds;

/**
 * What a step's texts have to be read with, where the lab has other intervals than they are written for.
 * @returns undefined where it has the same
 */
export const intervalNote = (
  step: Pick<Step, 'command' | 'overrides'> & Partial<Pick<Experiment, 'number' | 'tooCoarse'>>,
  intervals: Intervals,
): string | undefined => {
  const { scrapeSeconds, evaluationSeconds } = intervals;
  const written = writtenFor(step);
  if (scrapeSeconds === written && evaluationSeconds === usualSeconds) return undefined;
  const here = `${scrapeSeconds} s and ${evaluationSeconds} s`;
  const words = `This text and its figures are for a scrape interval of ${written} s and an evaluation interval of ${usualSeconds} s. This lab has ${here}.`;
  return [words, measuredNote(step, intervals)].filter(Boolean).join(' ');
};

/** Whether its check can measure then, said when the step is applied and not only once it has been waited for. */
const measuredNote = (
  { number, tooCoarse, command }: Pick<Step, 'command'> & Partial<Pick<Experiment, 'number' | 'tooCoarse'>>,
  intervals: Intervals,
): string | undefined => {
  if (number === undefined) return undefined;
  const never = unmeasurable(tooCoarse ? { tooCoarse } : {}, intervals);
  const usual = `make ${command} SCRAPE_INTERVAL=5s EVALUATION_INTERVAL=5s`;
  if (never) return `make check-${number} cannot measure here: ${never.reason}. Type ${never.type ?? usual}.`;
  const perhaps = tooCoarse?.(intervals);
  return (
    perhaps && `make check-${number} may not be able to measure here: ${perhaps.reason}. If so, type ${perhaps.type}.`
  );
};
