import type { Lab } from '../../lab/model/lab.ts';
import type { Experiment } from '../../lab/model/lesson.ts';
import { type Finding, isClaim } from '../../lab/model/verdict.ts';
import type { Colours } from './terminal.ts';

/** The finding as lines for a terminal: what it says, its evidence, and what to look at where it fails. */
const findingLines = (finding: Finding, colours: Colours): string[] => {
  const evidence = `      ${colours.dim(finding.evidence)}`;
  if (!isClaim(finding)) return [`  ${colours.dim('·')} ${finding.fact}`, evidence];
  const { claim, holds, expected, measured, look } = finding;
  const mark = holds ? colours.green('✓') : colours.red('✗');
  const reasons = [`      expected ${expected}, measured ${measured}`, `      look at ${look}`];
  return [`  ${mark} ${claim}`, evidence, ...(holds ? [] : reasons)];
};

/** What `make check-N` prints: heading, each claim and fact with its evidence, the insight. */
export const report = (experiment: Experiment, lab: Lab, findings: readonly Finding[], colours: Colours): string => {
  const heading = `Experiment ${experiment.number} · ${experiment.title}`;
  const state = `signal ${lab.exporter?.signal ?? 'none'} · scrape every ${lab.scrapeSeconds}s`;
  return [
    `${colours.bold(heading.padEnd(60))} ${state}`,
    ...findings.flatMap((finding) => findingLines(finding, colours)),
    `  ${colours.bold('Insight:')} ${experiment.insight}`,
  ].join('\n');
};
