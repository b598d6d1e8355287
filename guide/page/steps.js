import { byId, command, element, withCode } from './dom.js';
import { keep } from './header.js';

/** @typedef {import('../src/lab.ts').PageState} State */
/** @typedef {import('../src/steps.ts').ListedStep} ListedStep */

/**
 * The list of steps. It opens what is in force, until the learner opens something else.
 * @param {(step: ListedStep | undefined) => void} onChoice  told what is shown from now on
 * @param {(query: { query: string, of: string | undefined, as: 'graph' | 'table' }) => void} onQuery
 */
export const createSteps = (onChoice, onQuery) => {
  /** @type {State | undefined} */
  let state;
  /** @type {string | undefined} command of the open step, empty where all are closed */
  let open;

  /** The open step, and without one the step in force. */
  const shown = () => state?.steps.find(({ command }) => command === (open || state?.inForce));

  /** @param {string} chosen */
  const choose = (chosen) => {
    open = open === chosen ? '' : chosen;
    mark();
    onChoice(shown());
  };

  const mark = () => {
    for (const button of byId('steps').querySelectorAll('button[aria-controls]')) {
      const own = /** @type {HTMLElement} */ (button).dataset.command;
      const isInForce = own === state?.inForce;
      button.setAttribute('aria-expanded', String(own === open));
      if (isInForce) button.setAttribute('aria-current', 'step');
      else button.removeAttribute('aria-current');
      const pill = /** @type {HTMLElement} */ (button.querySelector('.pill'));
      pill.hidden = !isInForce;
      byId(`step-${own}`).hidden = own !== open;
    }
  };

  return {
    /** @param {State} now */
    show: (now) => {
      const isNew = now.inForce !== undefined && now.inForce !== state?.inForce;
      // The base lab changes nothing that needs words: the whole list stays in sight.
      if (isNew) open = now.inForce === now.steps[0]?.command ? '' : now.inForce;
      state = { ...now, inForce: now.inForce ?? state?.inForce };
      keep(byId('steps'), JSON.stringify(now.steps), () =>
        now.steps.map((step, index) => row(step, index, now, choose, onQuery)),
      );
      mark();
      if (isNew) {
        bringIntoSight(open);
        onChoice(shown());
      }
    },
    /** Who else answers queries in the step in force, by name. */
    sources: () => state?.steps.find(({ command }) => command === state?.inForce)?.sources ?? [],
    /** Number of the experiment whose verdict is asked for. @returns {number | undefined} */
    verdict: () => shown()?.verdict,
    /** Command of the step whose picture is shown. @returns {string | undefined} */
    chosen: () => shown()?.command,
  };
};

/** Scrolls the list alone, where it scrolls at all. @param {string | undefined} command */
const bringIntoSight = (command) => {
  const row = document.getElementById(`step-${command}`)?.parentElement;
  const list = row?.closest('nav');
  if (!row || !list) return;
  // Enough to show the question and the command; what stands above moves no further than it has to.
  const { top, bottom } = row.getBoundingClientRect();
  const hidden = Math.min(bottom, top + 240) - list.getBoundingClientRect().bottom;
  if (hidden > 0) list.scrollTop += hidden;
};

/**
 * @param {ListedStep} step @param {number} index @param {State} state
 * @param {(command: string) => void} choose
 * @param {Parameters<typeof createSteps>[1]} onQuery
 */
const row = (step, index, state, choose, onQuery) => {
  const isFirst = step.experiment && !state.steps[index - 1]?.experiment;
  return element(
    isFirst ? 'li.step.first-experiment' : 'li.step',
    {},
    element(
      'button',
      {
        type: 'button',
        'data-command': step.command,
        'aria-controls': `step-${step.command}`,
        click: () => choose(step.command),
      },
      element('span.number', { 'aria-hidden': 'true' }, step.experiment ? String(step.experiment.number) : '·'),
      element('span.title', {}, step.title),
      element('span.pill', {}, 'in force'),
    ),
    element('div.details', { id: `step-${step.command}` }, ...details(step, onQuery)),
  );
};

/** @param {ListedStep} step @param {Parameters<typeof createSteps>[1]} onQuery */
const details = ({ command: name, changes, expect, intervals, queries, dashboard, experiment }, onQuery) => [
  experiment && element('p.question', {}, ...withCode(experiment.question)),
  command(`make ${name}`),
  element('p.quiet', {}, ...withCode(`Changes: ${changes}.`)),
  part('Ask', element('ul', {}, ...queries.map((each) => query(each, onQuery)))),
  dashboard !== undefined && link(dashboard, 'The dashboard in Grafana'),
  experiment &&
    part(
      'Do',
      element('ul', {}, ...experiment.todo.map((/** @type {string} */ line) => element('li', {}, ...withCode(line)))),
    ),
  part('Expect', element('p', {}, ...withCode(expect))),
  intervals !== undefined && element('p.quiet', {}, intervals),
  experiment && part('Measure', command(`make check-${experiment.number}`)),
  experiment?.undo !== undefined && part('Undo', command(experiment.undo)),
];

/** @param {ListedStep['queries'][number]} query @param {Parameters<typeof createSteps>[1]} onQuery */
const query = ({ expr, of, read, as, link: href, note }, onQuery) =>
  element(
    'li',
    {},
    element(
      'button.query',
      { type: 'button', title: 'Run it here', click: () => onQuery({ query: expr, of, as }) },
      element('code', {}, expr),
    ),
    note !== undefined && element('span.quiet', {}, ` ${note}`),
    element('p', {}, ...withCode(read), ' ', href !== undefined && link(href, 'In Prometheus')),
  );

/** @param {string} title @param {HTMLElement} content */
const part = (title, content) => element('div', {}, element('h3', {}, title), content);

/** @param {string} href @param {string | Node} content */
const link = (href, content) => element('a', { href, target: '_blank', rel: 'noreferrer' }, content);
