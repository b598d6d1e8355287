import type { Named, SearchState } from '../../lab/running/diagnosis.ts';
import { command, element, withCode } from './dom.ts';
import { said } from './judgement.ts';
import { outcomeOf } from './poll.ts';
import type { Source } from './source.ts';

type Search = SearchState['searches'][number];

/** The learner names the cause of the fault that is active. */
export const faultForm = ({ experiment, causes }: Search, source: Source, onFound: () => void) => {
  const choice = element(
    'select',
    { id: 'cause' },
    ...causes.map((cause) => element('option', { value: cause }, cause)),
  ) as HTMLSelectElement;
  const result = element('div.result', { role: 'status', 'aria-live': 'polite' });
  const ask = async (answer: { cause: string } | { tell: true }) => {
    const outcome = await outcomeOf(source.diagnose({ experiment, ...answer }));
    const named: Named = 'reply' in outcome ? outcome.reply : { kind: 'unknown', reason: outcome.reason };
    result.replaceChildren(...naming(named, choice.value));
    if (named.kind === 'found' || named.kind === 'revealed') onFound();
  };
  return element(
    'form.exercise',
    {
      submit: (event) => {
        event.preventDefault();
        ask({ cause: choice.value });
      },
    },
    element('h3', {}, 'The fault ', element('span.solved', { id: 'found' })),
    element('p', {}, ...withCode(`\`make exp-${experiment}\` has injected one fault. Which is it?`)),
    element(
      'div.try',
      {},
      element('label', { for: 'cause' }, 'Its cause'),
      choice,
      element('button', { type: 'submit' }, 'That is it'),
      element('button', { type: 'button', click: () => ask({ tell: true }) }, 'Show me'),
    ),
    result,
  );
};

const naming = (named: Named, cause: string): HTMLElement[] => {
  switch (named.kind) {
    case 'found':
      return [said('good', `Right: ${named.cause}. Here ${named.sign}.`)];
    case 'missed':
      return [said('bad', `Not ${cause}: then ${named.sign}.`)];
    case 'revealed':
      return [said('quiet', `${named.name}: ${named.cause}. Here ${named.sign}.`)];
    case 'elsewhere':
      return [said('quiet', `There is no fault to be found: ${named.reason}.`), command(named.type)];
    case 'unknown':
      return [said('bad', `Nothing can be judged: ${named.reason}.`)];
  }
};
