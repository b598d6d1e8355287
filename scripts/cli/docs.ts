import { readFileSync, writeFileSync } from 'node:fs';
import { experiments, steps } from '../../experiments/catalogue.ts';
import type { Experiment } from '../../experiments/types.ts';

/**
 * The parts of the README that come from the catalogue, by the name of their marker:
 * `<!-- table:begin -->` … `<!-- table:end -->`.
 */
export const generatedParts = (): Record<string, string> => ({
  table: table(
    ['', 'experiment', 'question', 'run', 'measure'],
    experiments.map(({ number, title, slug, question }) => [
      String(number),
      `[${title}](#${anchor({ number, title, slug })})`,
      question,
      `\`make exp-${number}\``,
      `\`make check-${number}\``,
    ]),
  ),
  changes: table(
    ['command', 'layer', 'what changes', 'why it matters'],
    steps.map(({ command, layer, changes, matters }) => [`\`make ${command}\``, layer, changes, matters]),
  ),
  experiments: experiments.map(section).join('\n\n'),
});

/** Puts the parts between their markers. @throws where a marker is missing */
export const withParts = (text: string, parts: Record<string, string>): string =>
  Object.entries(parts).reduce((result, [name, part]) => {
    const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
    const [from, to] = [result.indexOf(begin), result.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`README.md must hold the markers ${begin} and ${end}`);
    return `${result.slice(0, from + begin.length)}\n${part}\n${result.slice(to)}`;
  }, text);

const table = (head: string[], rows: string[][]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const anchor = ({ number, title }: Pick<Experiment, 'number' | 'title' | 'slug'>): string =>
  `${number}-${title.toLowerCase().replaceAll(' ', '-')}`;

const section = (experiment: Experiment): string =>
  [
    `### ${experiment.number} ${experiment.title}`,
    '',
    `**Question.** ${experiment.question}`,
    '',
    `**Run.** \`make exp-${experiment.number}\`, then \`make check-${experiment.number}\`. What changes: ${experiment.changes}.`,
    '',
    ...experiment.todo.map((line) => `- ${line}`),
    '',
    ...experiment.queries.flatMap(({ expr, read }) => ['```promql', expr, '```', '', `${capital(read)}.`, '']),
    `**Expect.** ${experiment.expect}`,
    '',
    `**Why.** ${experiment.insight}`,
    '',
    `**Undo.** ${experiment.undo ? `\`${experiment.undo}\`` : 'Nothing to undo'}.`,
  ].join('\n');

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

if (import.meta.url === new URL(process.argv[1] ?? '', 'file:').href) {
  const file = new URL('../../README.md', import.meta.url);
  writeFileSync(file, withParts(readFileSync(file, 'utf8'), generatedParts()));
  console.log('README.md is in step with the catalogue');
}
