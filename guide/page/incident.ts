import type { IncidentChoices, Said } from '../../lab/incidents/said.ts';
import type { Unknown } from '../../lab/running/solve.ts';
import { debriefs, type Look } from './debrief.ts';
import { command, element } from './dom.ts';
import { said } from './judgement.ts';
import { outcomeOf } from './poll.ts';
import type { Source } from './source.ts';

/** The learner says what broke: the same five parts as `make answer`, each judged by itself. */
export const incidentForm = (
  { places, causes }: IncidentChoices,
  source: Source,
  onSolved: () => void,
  onLook: (look: Look) => void,
) => {
  const choice = (name: string, values: readonly string[]) =>
    element(
      'select',
      { name },
      element('option', { value: '' }, '…'),
      ...values.map((value) => element('option', { value }, value)),
    );
  const field = (name: string, placeholder: string) =>
    element('input', { name, placeholder, size: '9', autocomplete: 'off' });
  const labelled = (text: string, input: HTMLElement) => element('label', {}, `${text} `, input);
  const result = element('div.result', { role: 'status', 'aria-live': 'polite' });
  let hints = 0;
  const ask = async (question: object) => {
    const outcome = await outcomeOf(source.incident(question));
    const answer: Said | Unknown = 'reply' in outcome ? outcome.reply : { kind: 'unknown', reason: outcome.reason };
    result.replaceChildren(...shown(answer, onLook));
    if (answer.kind === 'judged' && answer.solved !== undefined) onSolved();
  };
  const form = element(
    'form.exercise.incident',
    {
      submit: (event) => {
        event.preventDefault();
        const typed = [...new FormData(form as HTMLFormElement)].filter(([, value]) => value !== '');
        ask({ answer: Object.fromEntries(typed) });
      },
    },
    element('h3', {}, 'The incident'),
    element('p', {}, 'Something breaks in this fleet. What was it? Any part may be left out; times are UTC.'),
    element(
      'div.try',
      {},
      labelled('who', choice('INSTANCE', places)),
      labelled('what', choice('CAUSE', causes)),
      labelled('since', field('SINCE', '14:05:10')),
      labelled('until', field('UNTIL', '2m ago')),
      labelled('requests lost', field('LOST', '0')),
      element('button', { type: 'submit' }, 'That is it'),
    ),
    element(
      'p.help',
      {},
      element('button', { type: 'button', click: () => ask({ hint: ++hints > 3 ? 3 : hints }) }, 'A hint'),
      element('button', { type: 'button', click: () => ask({ give: true }) }, 'Show me'),
    ),
    result,
  );
  return form;
};

const kinds = { true: 'good', false: 'bad', undefined: 'quiet' } as const;

const shown = (answer: Said | Unknown, onLook: (look: Look) => void): HTMLElement[] => {
  switch (answer.kind) {
    case 'judged':
      return [
        ...answer.parts.map(({ part, isRight, says }) => said(kinds[`${isRight}`], `${part}: ${says}.`)),
        ...(answer.isKept ? [] : [said('bad', 'It could not be written down: the log of the guide says why.')]),
        ...(answer.solved === undefined
          ? []
          : [said('good', `Solved in ${answer.solved.seconds} s.`), ...debriefs(answer.solved.debrief, onLook)]),
      ];
    case 'hint':
      return [said('quiet', answer.hint)];
    case 'given':
      return debriefs(answer.debrief, onLook);
    case 'elsewhere':
      return [said('quiet', `There is nothing to be found: ${answer.reason}.`), command(answer.type)];
    case 'unknown':
      return [said('bad', `Nothing can be judged: ${answer.reason}.`)];
  }
};
