import type { Act } from './types.ts';

/** What is typed to do it. */
export const typed = ({ do: verb, service }: Pick<Act, 'do' | 'service'>): string => `make ${verb} SERVICE=${service}`;

/** @returns what is typed in a phase, act by act */
export const nextActs = (phase: readonly Act[] = []): string[] =>
  phase.map((act) => `${act.afterSeconds ? `${act.afterSeconds} s later ` : ''}${typed(act)}`);

/**
 * What the learner is told of a lesson's acts: the first measurement, then a line for each act and each measurement.
 * @param number  of the experiment
 */
export const toldOf = (acts: readonly (readonly Act[])[], number: number): string[] => {
  const check = `make check-${number}`;
  return [
    `\`${check}\` first: it measures the state before anything is done by hand.`,
    ...acts.flatMap((phase) =>
      phase.map((act, index) => `${sentence(act)}${index === phase.length - 1 ? ` Then \`${check}\` again.` : ''}`),
    ),
  ];
};

const sentence = (act: Act): string => {
  const wait = act.afterSeconds ? `, ${act.afterSeconds} s later` : '';
  return `\`${typed(act)}\`${wait}: ${act.says}`;
};
