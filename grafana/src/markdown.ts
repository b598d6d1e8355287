import { experiments } from '../../experiments/catalogue.ts';
import type { Experiment, Query } from '../../experiments/types.ts';

const code = (text: string): string => `\`${text}\``;

/** A `|` ends a cell of a markdown table, inside code as well. */
const cell = (text: string): string => text.replaceAll('|', '\\|');

const row = (...cells: string[]): string => `| ${cells.map(cell).join(' | ')} |`;

const table = (head: string[], rows: string[][]): string =>
  [row(...head), row(...head.map(() => '---')), ...rows.map((cells) => row(...cells))].join('\n');

/** Queries to paste, each with how to read it. */
export const queryTable = (queries: readonly Query[]): string =>
  table(
    ['Query', 'How to read it'],
    queries.map(({ expr, read }) => [code(expr), read]),
  );

/** What to do, what to expect, why, and how to undo it. */
export const guide = ({ command, number, changes, todo, expect, insight, undo }: Experiment): string =>
  `
**Run** ${code(`make ${command}`)} · **Change** ${changes}.

${todo.map((step) => `- ${step}`).join('\n')}

**Expect** ${expect} Measured by ${code(`make check-${number}`)}.

**Why** ${insight}

**Undo** ${undo ? code(undo) : 'Nothing to undo.'}
`.trim();

/** The list of experiments, with links to their dashboards. */
export const experimentTable = (): string =>
  table(
    ['Experiment', 'Question', 'Run'],
    experiments.map(({ number, title, dashboard, question, command }) => [
      `[${number} · ${title}](/d/${dashboard})`,
      question,
      code(`make ${command}`),
    ]),
  );

const charactersPerColumn = 9;

/** The text of a line without its marks and the addresses of its links. */
const shown = (line: string): string => line.replaceAll(/\]\([^)]*\)|[*`[]/g, '');

/**
 * Rows of Grafana's grid that a markdown text fills, title and edges included.
 * @param width  columns
 */
export const textHeight = (markdown: string, width: number): number => {
  const lines = markdown.split('\n').map((line) => {
    if (line === '') return 0.6;
    const wrapped = Math.ceil(shown(line).length / (width * charactersPerColumn));
    return line.startsWith('|') ? wrapped + 0.5 : wrapped;
  });
  const pixels = 56 + 21 * lines.reduce((sum, height) => sum + height, 0);
  return Math.ceil(pixels / 38);
};
