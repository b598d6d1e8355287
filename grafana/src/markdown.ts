import { experiments } from '../../experiments/catalogue.ts';
import { capital } from '../../lab/model/format.ts';
import type { Experiment, Query, Step } from '../../lab/model/lesson.ts';
import { readingOf } from '../../lab/model/sources.ts';

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
    queries.map((query) => [code(query.expr), readingOf(query)]),
  );

/** The question, and how the experiment is started. */
export const heading = ({ question, command, changes }: Experiment): string =>
  `**${question}** ${code(`make ${command}`)}: ${changes}.`;

/** What to do, what to expect, why, and how to undo it. */
export const guide = ({ number, todo, expect, insight, undo }: Experiment): string =>
  `
${todo.map((step) => `- ${step}`).join('\n')}

**Expect** ${expect} Measured by ${code(`make check-${number}`)}.

**Why** ${insight}

**Undo** ${undo ? code(undo) : 'Nothing to undo.'}
`.trim();

/** The title of an experiment's dashboard; with two digits a list of titles is in the order of the numbers. */
export const titleOf = ({ number, title }: Pick<Experiment, 'number' | 'title'>): string =>
  `${String(number).padStart(2, '0')} · ${title}`;

/** The list of experiments and of other steps with a dashboard, with links to these. */
export const experimentTable = (others: readonly Step[]): string =>
  table(
    ['Experiment', 'Question', 'Run'],
    [
      ...experiments.map((each) => [titleOf(each), each.dashboard, each.question, each.command]),
      ...others.map(({ title, dashboard, changes, command }) => [title, dashboard, capital(changes), command]),
    ].map(([title, dashboard, words, command]) => [`[${title}](/d/${dashboard})`, words!, code(`make ${command}`)]),
  );
