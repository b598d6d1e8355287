import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Panel } from '../../lab/model/panel.ts';

/**
 * What a real Prometheus answered to the panels of a dashboard in the state that it is for, as far as it decides whether
 * they fit: a file per dashboard in answers/. `grafana/test/record.ts` writes them.
 */

/** A series of an answer. */
export type Answered = {
  /** which query of the panel gave it, from 0 */
  query: number;
  /** the name under which Grafana draws it */
  name: string;
  /** its states, of a timeline: each value once */
  values?: number[];
  /** of a graph: series before it, by their place here, whose line lies under its own */
  covers?: number[];
};

/** What was asked, by a hash of it, and what came of it. */
type PanelAnswer = { asked: string; series: Answered[] };

export type Answers = {
  /** to the panels of the dashboard, by their titles */
  own: Record<string, PanelAnswer>;
  /** to those of the start page, in the same state */
  start: Record<string, PanelAnswer>;
  /** to its timelines on the base lab: a timeline that gets no series at all says something about a time field */
  before: Record<string, PanelAnswer>;
};

const fileOf = (dashboard: string): string => join(import.meta.dirname, 'answers', `${dashboard}.json`);

export const storedAnswers = (dashboard: string): Answers | undefined =>
  existsSync(fileOf(dashboard)) ? JSON.parse(readFileSync(fileOf(dashboard), 'utf8')) : undefined;

/** A panel a line, so that a change shows where it is. */
export const storeAnswers = (dashboard: string, answers: Answers): void => {
  const parts = Object.entries(answers).map(([part, panels]) => {
    const lines = Object.entries(panels).map(
      ([title, answer]) => `    ${JSON.stringify(title)}: ${JSON.stringify(answer)}`,
    );
    return `  ${JSON.stringify(part)}: {${lines.length === 0 ? '' : `\n${lines.join(',\n')}\n  `}}`;
  });
  writeFileSync(fileOf(dashboard), `{\n${parts.join(',\n')}\n}\n`);
};

/** What an answer belongs to: with another question or name it has to be recorded anew. */
export const askedBy = ({ kind, targets }: Panel): string =>
  createHash('sha256')
    .update(JSON.stringify([kind, targets.map(({ expr, legend }) => [expr, legend])]))
    .digest('hex')
    .slice(0, 12);

/** @throws Error that says how to record, where nothing is or something else was asked */
export const answerTo = (panel: Panel, answers: Record<string, PanelAnswer>, command: string): readonly Answered[] => {
  const answer = answers[panel.title];
  if (answer?.asked === askedBy(panel)) return answer.series;
  throw new Error(`"${panel.title}": what a Prometheus answers to it is not recorded: ${command}`);
};
