import type { PageState as State } from '../src/lab.ts';
import type { ListedStep } from '../src/steps.ts';
import { byId, command, element, keep, withCode } from './dom.ts';

/**
 * The list of steps. It opens what is in force, until the learner opens something else.
 * @param onChoice  told what is shown from now on
 */
export const createSteps = (
  onChoice: (step: ListedStep | undefined) => void,
  onQuery: (query: { query: string; of: string | undefined; as: 'graph' | 'table' }) => void,
) => {
  let state: State | undefined;
  /** @type command of the open step, empty where all are closed */
  let open: string | undefined;

  /** The open step, and without one the step in force. */
  const shown = () => state?.steps.find(({ command }) => command === (open || state?.inForce));

  const choose = (chosen: string) => {
    open = open === chosen ? '' : chosen;
    mark();
    onChoice(shown());
  };

  const mark = () => {
    for (const button of byId('steps').querySelectorAll('button[aria-controls]')) {
      const own = (button as HTMLElement).dataset.command;
      const isInForce = own === state?.inForce;
      button.setAttribute('aria-expanded', String(own === open));
      if (isInForce) button.setAttribute('aria-current', 'step');
      else button.removeAttribute('aria-current');
      const pill = button.querySelector('.pill') as HTMLElement;
      pill.hidden = !isInForce;
      byId(`step-${own}`).hidden = own !== open;
    }
  };

  return {
    show: (now: State) => {
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
    /** Number of the experiment whose verdict is asked for. */
    verdict: (): number | undefined => shown()?.verdict,
    /** Command of the step whose picture is shown. */
    chosen: (): string | undefined => shown()?.command,
  };
};

/** Scrolls the list alone, where it scrolls at all. */
const bringIntoSight = (command: string | undefined) => {
  const row = document.getElementById(`step-${command}`)?.parentElement;
  const list = row?.closest('nav');
  if (!row || !list) return;
  // Enough to show the question and the command; what stands above moves no further than it has to.
  const { top, bottom } = row.getBoundingClientRect();
  const hidden = Math.min(bottom, top + 240) - list.getBoundingClientRect().bottom;
  if (hidden > 0) list.scrollTop += hidden;
};

const row = (
  step: ListedStep,
  index: number,
  state: State,
  choose: (command: string) => void,
  onQuery: Parameters<typeof createSteps>[1],
) => {
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
      element('span.pill', {}, 'active'),
    ),
    element('div.details', { id: `step-${step.command}` }, ...details(step, onQuery)),
  );
};

const details = (
  { command: name, changes, expect, intervals, queries, dashboard, experiment }: ListedStep,
  onQuery: Parameters<typeof createSteps>[1],
) => [
  experiment && element('p.question', {}, ...withCode(experiment.question)),
  command(`make ${name}`),
  element('p.quiet', {}, ...withCode(`Changes: ${changes}.`)),
  part('Ask', element('ul', {}, ...queries.map((each) => query(each, onQuery)))),
  dashboard !== undefined && link(dashboard, 'The dashboard in Grafana'),
  experiment &&
    part('Do', element('ul', {}, ...experiment.todo.map((line: string) => element('li', {}, ...withCode(line))))),
  part('Expect', element('p', {}, ...withCode(expect))),
  intervals !== undefined && element('p.quiet', {}, intervals),
  experiment && part('Measure', command(`make check-${experiment.number}`)),
  experiment?.undo !== undefined && part('Undo', command(experiment.undo)),
];

const query = (
  { expr, of, read, as, link: href, note }: ListedStep['queries'][number],
  onQuery: Parameters<typeof createSteps>[1],
) =>
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

const part = (title: string, content: HTMLElement) => element('div', {}, element('h3', {}, title), content);

const link = (href: string, content: string | Node) =>
  element('a', { href, target: '_blank', rel: 'noreferrer' }, content);
