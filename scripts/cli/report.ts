import type { Colors } from 'picocolors/types.ts';
import type { Experiment, Finding, Lab } from '../../experiments/types.ts';

/** The finding as lines for a terminal: the claim, its evidence, and what to look at where it fails. */
const findingLines = ({ claim, holds, evidence, expected, measured, look }: Finding, colours: Colors): string[] => [
  `  ${holds ? colours.green('✓') : colours.red('✗')} ${claim}`,
  `      ${colours.dim(evidence)}`,
  ...(holds
    ? []
    : [
        `      expected ${expected ?? 'it to hold'}, measured ${measured ?? 'otherwise'}`,
        ...(look === undefined ? [] : [`      look at ${look}`]),
      ]),
];

/** What `make check-N` prints: heading, one line per claim with its evidence, the insight. */
export const report = (experiment: Experiment, lab: Lab, findings: readonly Finding[], colours: Colors): string => {
  const heading = `Experiment ${experiment.number} · ${experiment.title}`;
  const state = `signal ${lab.exporter?.signal ?? 'none'} · scrape every ${lab.scrapeSeconds}s`;
  return [
    `${colours.bold(heading.padEnd(60))} ${state}`,
    ...findings.flatMap((finding) => findingLines(finding, colours)),
    `  ${colours.bold('Insight:')} ${experiment.insight}`,
  ].join('\n');
};
