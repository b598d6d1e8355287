import type { Judged } from '../../lab/running/solve.ts';
import type { ShownExercise } from '../src/exercises.ts';
import { element, withCode } from './dom.ts';
import { judgement } from './judgement.ts';
import { outcomeOf } from './poll.ts';
import type { QueryFields } from './query-field.ts';
import type { Source } from './source.ts';

/** What the learner has done to an exercise so far; it outlives a change to another experiment. */
export type Attempt = { query: string; hints: number; answer: boolean; judged?: Judged; judgedQuery?: string };

export const exerciseForm = (
  exercise: ShownExercise,
  attempt: Attempt,
  source: Source,
  fields: QueryFields,
  onSolved: () => void,
) => {
  const { experiment, number, task, hints, answer, isRouting = false } = exercise;
  const words = isRouting ? 'Your part of alertmanager.yml' : 'Your query, in PromQL';
  const id = `query-${number}`;
  const field = element('textarea', {
    id,
    rows: isRouting ? '9' : '1',
    maxlength: '2000',
    spellcheck: 'false',
    autocapitalize: 'off',
  }) as HTMLTextAreaElement;
  field.value = attempt.query;
  const parent = element('div.editor', {}, field);
  const result = element('div.result', { role: 'status', 'aria-live': 'polite' });
  const opened = element('ol.hints');
  const help = element('p.help');
  const solution = element('div.answer');

  const showHelp = () => {
    opened.replaceChildren(...hints.slice(0, attempt.hints).map((hint) => element('li', {}, ...withCode(hint))));
    const isLast = attempt.hints === hints.length;
    help.replaceChildren(
      isLast ? '' : button(attempt.hints === 0 ? 'A hint' : 'Another hint', () => open({ hints: attempt.hints + 1 })),
      attempt.answer ? '' : button('The answer', () => open({ answer: true })),
    );
    solution.replaceChildren(
      ...(attempt.answer ? ['One right answer: ', element(isRouting ? 'pre' : 'code', {}, answer)] : []),
    );
  };
  const open = (more: Partial<Attempt>) => {
    Object.assign(attempt, more);
    showHelp();
    // The button that was pressed may be gone.
    (help.querySelector('button') ?? query).focus();
  };
  const showResult = () => {
    const { judged, judgedQuery } = attempt;
    result.replaceChildren(...(judged === undefined ? [] : judgement(judged, judgedQuery ?? '')));
  };

  const judge = async () => {
    const asked = attempt.query;
    const outcome = await outcomeOf(source.judge({ experiment, number, query: asked }));
    const judged: Judged = 'reply' in outcome ? outcome.reply : { kind: 'unknown', reason: outcome.reason };
    // Another query may have been asked in the meantime.
    if (attempt.query !== asked) return;
    Object.assign(attempt, { judged, judgedQuery: asked });
    showResult();
    if (judged.kind === 'right') onSolved();
    if (judged.kind === 'wait')
      setTimeout(() => attempt.judged === judged && judge(), 1_000 * Math.min(judged.seconds, 5));
  };

  const query = fields.make({
    field,
    parent,
    label: `Your query for ${experiment}.${number}, in PromQL`,
    isPlain: isRouting,
    onChange: (text) => {
      attempt.query = text;
    },
    onRun: () => judge(),
  });
  showHelp();
  showResult();
  return element(
    'form.exercise',
    {
      submit: (event) => {
        event.preventDefault();
        judge();
      },
    },
    element('h3', {}, `${experiment}.${number} `, element('span.solved', { id: `solved-${number}` })),
    element('p', { id: `task-${number}` }, ...withCode(task)),
    element('label', { for: id, click: () => query.focus() }, words),
    element('div.try', {}, parent, element('button', { type: 'submit' }, 'Judge it')),
    result,
    opened,
    help,
    solution,
  );
};

const button = (text: string, click: () => void) => element('button', { type: 'button', click }, text);
