import type { IncidentChoices } from '../../lab/incidents/said.ts';
import { answerForm, choice } from './answer-form.ts';
import type { Look } from './debrief.ts';
import { element } from './dom.ts';
import type { Source } from './source.ts';

/** The learner says what broke: the same five parts as `make answer`, each judged by itself. */
export const incidentForm = (
  { places, causes }: IncidentChoices,
  source: Source,
  onSolved: () => void,
  onLook: (look: Look) => void,
) => {
  const field = (name: string, placeholder: string) =>
    element('input', { name, placeholder, size: '9', autocomplete: 'off' });
  let hints = 0;
  return answerForm({
    kind: '.incident',
    title: ['The incident'],
    task: ['Something breaks in this fleet. What was it? Any part may be left out; times are UTC.'],
    fields: [
      { words: 'who', input: choice('INSTANCE', places) },
      { words: 'what', input: choice('CAUSE', causes) },
      { words: 'since', input: field('SINCE', '14:05:10') },
      { words: 'until', input: field('UNTIL', '2m ago') },
      { words: 'requests lost', input: field('LOST', '0') },
    ],
    help: [
      {
        words: 'A hint',
        question: () => {
          hints = Math.min(3, hints + 1);
          return { hint: hints };
        },
      },
      { words: 'Show me', question: () => ({ give: true }) },
    ],
    question: (answer) => ({ answer }),
    ask: source.incident,
    lead: ({ part }) => `${part}: `,
    nothing: 'There is nothing to be found',
    onRight: (said) => {
      if (said.kind === 'judged' && said.solved !== undefined) onSolved();
    },
    onLook,
  });
};
