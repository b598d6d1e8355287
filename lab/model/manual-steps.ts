import type { Lab } from './lab.ts';
import type { ManualStep } from './lesson.ts';

/** What a service takes to start, or to notice that another is away. */
const startSeconds = 5;

/** What is typed to do it. */
export const typed = ({ do: verb, service }: Pick<ManualStep, 'do' | 'service'>): string =>
  `make ${verb} SERVICE=${service}`;

/**
 * How long to wait before a manual step: so that, at any phase, a scrape or two have seen the one before it.
 * @returns seconds, 0 where it is done at once
 */
export const secondsBefore = (
  { afterSeconds }: Pick<ManualStep, 'afterSeconds'>,
  { scrapeSeconds }: Pick<Lab, 'scrapeSeconds'>,
): number => (afterSeconds === undefined ? 0 : Math.max(afterSeconds, 2 * scrapeSeconds + startSeconds));

/** What is typed in a phase, step by step. */
export const nextManualSteps = (lab: Pick<Lab, 'scrapeSeconds'>, phase: readonly ManualStep[] = []): string[] =>
  phase.map((step) => {
    const wait = secondsBefore(step, lab);
    return `${wait > 0 ? `${wait} s later ` : ''}${typed(step)}`;
  });

/**
 * What the learner reads about a lesson's manual steps: the first measurement, then a line for each of them and of the
 * measurements.
 * @param number  of the experiment
 */
export const instructionsOf = (manualSteps: readonly (readonly ManualStep[])[], number: number): string[] => {
  const check = `make check-${number}`;
  return [
    `\`${check}\` first: it measures the state before the manual steps.`,
    ...manualSteps.flatMap((phase) =>
      phase.map((step, index) => `${sentence(step)}${index === phase.length - 1 ? ` Then \`${check}\` again.` : ''}`),
    ),
  ];
};

const sentence = (step: ManualStep): string => {
  const wait = step.afterSeconds ? `, ${step.afterSeconds} s later` : '';
  return `\`${typed(step)}\`${wait}: ${step.says}`;
};
