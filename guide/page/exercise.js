import { post } from './answers.js';
import { element, withCode } from './dom.js';
import { judgement } from './judgement.js';
import { queryField } from './query-field.js';

/** @typedef {import('../src/exercises.ts').ShownExercise} ShownExercise */
/** @typedef {import('../../lab/running/solve.ts').Judged} Judged */

/** What the learner has done to an exercise so far; it outlives a change to another experiment. @typedef {{ query: string, hints: number, answer: boolean, judged?: Judged, judgedQuery?: string }} Attempt */

/** @param {ShownExercise} exercise @param {Attempt} attempt @param {() => void} onSolved */
export const exerciseForm = (exercise, attempt, onSolved) => {
  const { experiment, number, task, hints, answer } = exercise;
  const id = `query-${number}`;
  const field = /** @type {HTMLTextAreaElement} */ (
    element('textarea', { id, rows: '1', maxlength: '2000', spellcheck: 'false', autocapitalize: 'off' })
  );
  field.value = attempt.query;
  const parent = element('div.editor', {}, field);
  const result = element('div.result', { role: 'status', 'aria-live': 'polite' });
  const opened = element('ol.hints');
  const help = element('p.help');
  const solution = element('p.answer');

  const showHelp = () => {
    opened.replaceChildren(...hints.slice(0, attempt.hints).map((hint) => element('li', {}, ...withCode(hint))));
    const isLast = attempt.hints === hints.length;
    help.replaceChildren(
      isLast ? '' : button(attempt.hints === 0 ? 'A hint' : 'Another hint', () => open({ hints: attempt.hints + 1 })),
      attempt.answer ? '' : button('The answer', () => open({ answer: true })),
    );
    solution.replaceChildren(...(attempt.answer ? ['One right answer: ', element('code', {}, answer)] : []));
  };
  /** @param {Partial<Attempt>} more */
  const open = (more) => {
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
    const judged = /** @type {Judged} */ (await post({ experiment, number, query: asked }));
    // Another query may have been asked in the meantime.
    if (attempt.query !== asked) return;
    Object.assign(attempt, { judged, judgedQuery: asked });
    showResult();
    if (judged.kind === 'right') onSolved();
    if (judged.kind === 'wait')
      setTimeout(() => attempt.judged === judged && judge(), 1_000 * Math.min(judged.seconds, 5));
  };

  const query = queryField({
    field,
    parent,
    label: `Your query for ${experiment}.${number}, in PromQL`,
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
    element('label', { for: id, click: () => query.focus() }, 'Your query, in PromQL'),
    element('div.try', {}, parent, element('button', { type: 'submit' }, 'Judge it')),
    result,
    opened,
    help,
    solution,
  );
};

/** @param {string} text @param {() => void} click */
const button = (text, click) => element('button', { type: 'button', click }, text);
