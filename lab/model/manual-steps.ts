import type { Lab } from './lab.ts';
import type { Act } from './lesson.ts';

/** What a service takes to start, or to notice that another is away. */
const startSeconds = 5;

/** What is typed to do it. */
export const typed = ({ do: verb, service }: Pick<Act, 'do' | 'service'>): string => `make ${verb} SERVICE=${service}`;

/**
 * How long to wait before an act: so that, at any phase, a scrape or two tell of the act before it.
 * @returns seconds, 0 where it is done at once
 */
export const secondsBefore = (
  { afterSeconds }: Pick<Act, 'afterSeconds'>,
  { scrapeSeconds }: Pick<Lab, 'scrapeSeconds'>,
): number => (afterSeconds === undefined ? 0 : Math.max(afterSeconds, 2 * scrapeSeconds + startSeconds));

/** What is typed in a phase, act by act. */
export const nextActs = (lab: Pick<Lab, 'scrapeSeconds'>, phase: readonly Act[] = []): string[] =>
  phase.map((act) => {
    const wait = secondsBefore(act, lab);
    return `${wait > 0 ? `${wait} s later ` : ''}${typed(act)}`;
  });

/**
 * What the learner is told of a lesson's acts: the first measurement, then a line for each act and each measurement.
 * @param number  of the experiment
 */
export const toldOf = (acts: readonly (readonly Act[])[], number: number): string[] => {
  const check = `make check-${number}`;
  return [
    `\`${check}\` first: it measures the state before the manual steps.`,
    ...acts.flatMap((phase) =>
      phase.map((act, index) => `${sentence(act)}${index === phase.length - 1 ? ` Then \`${check}\` again.` : ''}`),
    ),
  ];
};

const sentence = (act: Act): string => {
  const wait = act.afterSeconds ? `, ${act.afterSeconds} s later` : '';
  return `\`${typed(act)}\`${wait}: ${act.says}`;
};
