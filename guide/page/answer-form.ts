import type { Said } from '../../lab/incidents/said.ts';
import type { JudgedPart } from '../../lab/judging/cause.ts';
import type { Unknown } from '../../lab/running/solve.ts';
import { debriefs, type Look } from './debrief.ts';
import { command, element } from './dom.ts';
import { said } from './judgement.ts';
import { outcomeOf } from './poll.ts';
import type { Question } from './source.ts';

/** A part of an answer, and what it is called on the page; the element has the part's name. */
export type Field = { words: string; input: HTMLElement };

type Form = {
  /** classes beside `exercise` */
  kind: string;
  title: readonly (Node | string)[];
  task: readonly (Node | string)[];
  fields: readonly Field[];
  /** beside "That is it": what each asks */
  help: readonly { words: string; question: () => object }[];
  question: (typed: Readonly<Record<string, string>>) => object;
  ask: (question: object) => Question<Said | Unknown>;
  /** begins what is said of a part */
  lead: (part: JudgedPart, typed: Readonly<Record<string, string>>) => string;
  nothing: string;
  onRight: (said: Said) => void;
  onLook: (look: Look) => void;
};

/** The learner says what broke, each part judged by itself: an incident, and the fault of a lesson. */
export const answerForm = ({
  kind,
  title,
  task,
  fields,
  help,
  question,
  ask,
  lead,
  nothing,
  onRight,
  onLook,
}: Form) => {
  const result = element('div.result', { role: 'status', 'aria-live': 'polite' });
  const typedIn = () =>
    Object.fromEntries([...new FormData(form as HTMLFormElement)].filter(([, value]) => value !== '')) as Record<
      string,
      string
    >;
  const send = async (about: object) => {
    const typed = typedIn();
    const outcome = await outcomeOf(ask(about));
    const answer: Said | Unknown = 'reply' in outcome ? outcome.reply : { kind: 'unknown', reason: outcome.reason };
    result.replaceChildren(...shown(answer, (part) => lead(part, typed), nothing, onLook));
    if (answer.kind !== 'unknown') onRight(answer);
  };
  const form = element(
    `form.exercise${kind}`,
    {
      submit: (event) => {
        event.preventDefault();
        send(question(typedIn()));
      },
    },
    element('h3', {}, ...title),
    element('p', {}, ...task),
    element(
      'div.try',
      {},
      ...fields.map(({ words, input }) => element('label', {}, `${words} `, input)),
      element('button', { type: 'submit' }, 'That is it'),
    ),
    element(
      'p.help',
      {},
      ...help.map((each) => element('button', { type: 'button', click: () => send(each.question()) }, each.words)),
    ),
    result,
  );
  return form;
};

/** One of a list. @param none  whether the part may be left out */
export const choice = (name: string, values: readonly string[], none = true): HTMLElement =>
  element(
    'select',
    { name },
    ...(none ? [element('option', { value: '' }, '…')] : []),
    ...values.map((value) => element('option', { value }, value)),
  );

const kinds = { true: 'good', false: 'bad', undefined: 'quiet' } as const;

const shown = (
  answer: Said | Unknown,
  lead: (part: JudgedPart) => string,
  nothing: string,
  onLook: (look: Look) => void,
): HTMLElement[] => {
  switch (answer.kind) {
    case 'judged':
      return [
        ...answer.parts.map((part) => said(kinds[`${part.isRight}`], `${lead(part)}${part.says}.`)),
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
      return [said('quiet', `${nothing}: ${answer.reason}.`), command(answer.type)];
    case 'unknown':
      return [said('bad', `Nothing can be judged: ${answer.reason}.`)];
  }
};
