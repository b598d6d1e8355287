import { post } from './answers.js';
import { command, element, withCode } from './dom.js';
import { said } from './judgement.js';

/** @typedef {import('../../lab/running/diagnosis.ts').SearchState['searches'][number]} Search */
/** @typedef {import('../../lab/running/diagnosis.ts').Named} Named */

/** The learner names the cause of the fault that is in force. @param {Search} search @param {() => void} onFound */
export const faultForm = ({ experiment, causes }, onFound) => {
  const choice = /** @type {HTMLSelectElement} */ (
    element('select', { id: 'cause' }, ...causes.map((cause) => element('option', { value: cause }, cause)))
  );
  const result = element('div.result', { role: 'status', 'aria-live': 'polite' });
  /** @param {Record<string, unknown>} answer */
  const ask = async (answer) => {
    /** @type {Named} */
    const named = await post({ experiment, ...answer });
    result.replaceChildren(...naming(named, choice.value));
    if (named.kind === 'found' || named.kind === 'told') onFound();
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
    element('p', {}, ...withCode(`\`make exp-${experiment}\` has put one fault into force. Which is it?`)),
    element(
      'div.try',
      {},
      element('label', { for: 'cause' }, 'Its cause'),
      choice,
      element('button', { type: 'submit' }, 'That is it'),
      element('button', { type: 'button', click: () => ask({ tell: true }) }, 'Tell me'),
    ),
    result,
  );
};

/** @param {Named} named @param {string} cause @returns {HTMLElement[]} */
const naming = (named, cause) => {
  switch (named.kind) {
    case 'found':
      return [said('good', `Right: ${named.cause}. Here ${named.sign}.`)];
    case 'missed':
      return [said('bad', `Not ${cause}: then ${named.sign}.`)];
    case 'told':
      return [said('quiet', `${named.name}: ${named.cause}. Here ${named.sign}.`)];
    case 'elsewhere':
      return [said('quiet', `There is no fault to be found: ${named.reason}.`), command(named.type)];
    case 'unknown':
      return [said('bad', `Nothing can be judged: ${named.reason}.`)];
  }
};
