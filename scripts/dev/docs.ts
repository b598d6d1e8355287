import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { experiments, steps } from '../../experiments/catalogue.ts';
import { handedOn, perInstance, settingRows, truthRows } from '../../exporter/src/document.ts';
import { scenarios } from '../../lab/backtest/scenarios.ts';
import type { Scenario } from '../../lab/backtest/shift.ts';
import { capital } from '../../lab/model/format.ts';
import { chapters, type Experiment } from '../../lab/model/lesson.ts';
import { comparing, type SharedState } from '../../lab/model/shared-state.ts';
import { readingOf } from '../../lab/model/sources.ts';
import { repository } from '../host/repository.ts';
import { linesOf, type Placement, placed } from './placement.ts';

/**
 * What each document takes from the catalogue and from the exporter's scenarios, by file and by the name of its markers:
 * the part stands between a line that holds `table:begin` and one that holds `table:end`.
 */
export const generatedParts = (): Record<string, Record<string, string>> => ({
  'README.md': { table: chapterTable() },
  'experiments/README.md': {
    table: table(
      ['', 'experiment', 'question'],
      experiments.map((experiment) => [
        String(experiment.number),
        `[${experiment.title}](${experiment.folder}/)${experiment.requires ? `, needs ${experiment.requires}` : ''}`,
        experiment.question,
      ]),
    ),
  },
  'docs/experiments.md': {
    changes: table(
      ['command', 'layer', 'what changes', 'why it matters'],
      steps.map(({ command, layer, changes, matters }) => [`\`make ${command}\``, layer, changes, matters]),
    ),
    experiments: experiments.map(section).join('\n\n'),
  },
  'docs/exercises.md': { exercises: sheet(false) },
  'docs/answers.md': { answers: sheet(true) },
  'docs/exporter.md': {
    scenarios: table(['setting', 'such as', 'simulates'], settingRows),
    reports: table(['key', 'holds'], truthRows),
  },
  'docs/on-call.md': { scenarios: scenarios.map(scenarioSection).join('\n\n') },
  'compose.yaml': { scenarios: handedOn.map((name) => `      ${name}: \${${name}-}`).join('\n') },
  ...Object.fromEntries(
    [...sharedStates, comparing].map((state) => [state.overrides[0]!, { environment: linesOf(placementOf(state)) }]),
  ),
});

/** A scenario of make backtest. */
const scenarioSection = ({ name, title, deserves, metrics, references }: Scenario): string => {
  const rules = references.map((reference) => [
    reference.name,
    `\`${reference.expr}\``,
    reference.forSeconds ? `${reference.forSeconds}s` : '',
    reference.keepFiringForSeconds ? `${reference.keepFiringForSeconds}s` : '',
  ]);
  return `### ${title}: \`SCENARIO=${name}\`

What deserves a page: ${deserves}.

${metrics.map((metric) => `- ${metric}`).join('\n')}

${table(['reference rule', 'expression', 'for', 'keep_firing_for'], rules)}`;
};

/** What the lessons of a shared state become there. @throws Error that names what cannot share it */
export const placementOf = (state: SharedState): Placement =>
  placed(
    experiments.flatMap(({ command, title, plan, measuredIn, comparedOn }) => {
      const own = measuredIn === state ? { ...('needs' in plan ? {} : plan.environment) } : undefined;
      const environment = state === comparing ? comparedOn : own;
      return environment ? [{ command, title, environment }] : [];
    }),
    perInstance,
  );

/** Each in which some lesson is measured. */
export const sharedStates: readonly SharedState[] = [
  ...new Set(experiments.flatMap(({ measuredIn }) => (measuredIn ? [measuredIn] : []))),
];

/**
 * Puts the parts between their markers.
 * @param file  names the document in an error
 * @throws Error where a marker is missing
 */
export const withParts = (file: string, text: string, parts: Record<string, string>): string =>
  Object.entries(parts).reduce((result, [name, part]) => {
    const found = new RegExp(`^(.*\\b${name}:begin\\b.*\\n)[\\s\\S]*?^(.*\\b${name}:end\\b)`, 'm').exec(result);
    if (found === null) throw new Error(`${file} must hold the lines ${name}:begin and ${name}:end`);
    const [whole, begin, end] = found;
    return result.replace(whole, () => `${begin}${part}\n${end}`);
  }, text);

/** Every exercise for a class, by chapter; the answers stand on a sheet of their own. */
const sheet = (hasAnswers: boolean): string =>
  chapters
    .flatMap((chapter) => experiments.filter((experiment) => experiment.chapter === chapter))
    .filter(({ exercises = [] }) => exercises.length > 0)
    .flatMap(({ number, title, question, minutes, exercises = [] }) => [
      `## ${number} ${title}`,
      `${question} (${minutes} minutes; \`make exp-${number}\`)`,
      ...exercises.flatMap(({ task, answer, why, counts }, index) => [
        `**${number}.${index + 1}** ${task}`,
        ...(hasAnswers ? [`\`\`\`${counts ? 'yaml' : 'promql'}\n${answer}\n\`\`\``, why] : []),
      ]),
    ])
    .join('\n\n');

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** The README's: a part for each chapter. What an experiment shows is for the learner to see. */
const chapterTable = (): string =>
  table(
    ['question', 'run'],
    chapters.flatMap((chapter) => [
      [`**${chapter}**`, ''],
      ...experiments
        .filter((experiment) => experiment.chapter === chapter)
        .map(({ number, title, question, requires }) => [
          `[${title}](docs/experiments.md#${anchor(`${number} ${title}`)}): ${question}`,
          `\`make exp-${number}\`${requires ? `, needs ${capital(requires)}` : ''}`,
        ]),
    ]),
  );

/** The anchor that a heading gets on a page of markdown. */
const anchor = (heading: string): string => heading.toLowerCase().replaceAll(' ', '-');

const section = (experiment: Experiment): string =>
  [
    `## ${experiment.number} ${experiment.title}`,
    '',
    `**Question.** ${experiment.question}`,
    '',
    `**Run.** \`make exp-${experiment.number}\`, then \`make check-${experiment.number}\`. What changes: ${experiment.changes}.`,
    '',
    ...experiment.todo.map((line) => `- ${line}`),
    '',
    ...experiment.queries.flatMap((query) => ['```promql', query.expr, '```', '', `${capital(readingOf(query))}.`, '']),
    `**Expect.** ${experiment.expect}`,
    '',
    `**Why.** ${experiment.insight}`,
    '',
    `**Undo.** ${experiment.undo ? `\`${experiment.undo}\`` : 'Nothing to undo'}.`,
    ...diagnosis(experiment),
    ...(experiment.exercises ?? []).flatMap((exercise, index) => [
      '',
      yourTurn(experiment.number, index + 1, exercise.task),
    ]),
  ].join('\n');

/** How the fault is named, and which there are to choose from. */
const diagnosis = ({ number, faults }: Experiment): string[] => {
  if (faults.length === 0) return [];
  const names = faults.map(({ name }) => `\`${name}\``).join(', ');
  return [
    '',
    `**Your turn, the fault.** Name its cause, which is one of ${names}: \`make solve-${number} CAUSE=…\`. \`make check-${number}\` names it once you have, or with \`TELL=1\`; \`make exp-${number} FAULT=…\` makes the one that you choose.`,
  ];
};

/** The task alone: hints and answer open where it is solved. */
const yourTurn = (experiment: number, number: number, task: string): string => {
  const typed = `make solve-${experiment}${number === 1 ? '' : ` NUMBER=${number}`}`;
  return `**Your turn, ${experiment}.${number}.** ${task} \`${typed}\``;
};

if (import.meta.url === new URL(process.argv[1] ?? '', 'file:').href) {
  for (const [file, parts] of Object.entries(generatedParts())) {
    const path = join(repository, file);
    const text = readFileSync(path, 'utf8');
    const updated = withParts(file, text, parts);
    if (updated !== text) writeFileSync(path, updated);
    console.log(`${file} ${updated === text ? 'is up to date' : 'was updated'}`);
  }
}
