import type { SearchState } from '../../lab/running/diagnosis.ts';
import { answerForm, choice } from './answer-form.ts';
import { element, withCode } from './dom.ts';
import type { Source } from './source.ts';

type Search = SearchState['searches'][number];

/** The learner names the cause of the fault that is active: one part of an answer. */
export const faultForm = ({ experiment, causes }: Search, source: Source, onFound: () => void) => {
  const causeField = choice('CAUSE', causes, false);
  causeField.id = 'cause';
  return answerForm({
    kind: '',
    title: ['The fault ', element('span.solved', { id: 'found' })],
    task: withCode(`\`make exp-${experiment}\` has injected one fault. Which is it?`),
    fields: [{ words: 'Its cause', input: causeField }],
    help: [{ words: 'Show me', question: () => ({ experiment, tell: true }) }],
    question: ({ CAUSE }) => ({ experiment, cause: CAUSE }),
    ask: (question) => source.diagnose(question as Parameters<Source['diagnose']>[0]),
    lead: ({ isRight }, { CAUSE }) => (isRight ? 'Right: ' : `Not ${CAUSE}: `),
    nothing: 'There is no fault to be found',
    onRight: (said) => {
      if ((said.kind === 'judged' && said.parts[0]?.isRight) || said.kind === 'given') onFound();
    },
    onLook: () => {},
  });
};
