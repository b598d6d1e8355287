import type { Lab } from '../model/lab.ts';
import type { Step } from '../model/lesson.ts';
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
  step: Pick<Step, 'overrides'>,
  { scrapeSeconds, evaluationSeconds }: Pick<Lab, 'scrapeSeconds' | 'evaluationSeconds'>,
): string | undefined => {
  const written = writtenFor(step);
  if (scrapeSeconds === written && evaluationSeconds === usualSeconds) return undefined;
  const here = `${scrapeSeconds} s and ${evaluationSeconds} s`;
  return `This text and its figures are for a scrape interval of ${written} s and an evaluation interval of ${usualSeconds} s. This lab has ${here}.`;
};
