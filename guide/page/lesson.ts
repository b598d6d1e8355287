import type { PageState as State } from '../src/lab.ts';
import type { ListedStep } from '../src/steps.ts';
import { byId, command, element, keep, withCode } from './dom.ts';
import { isSolved, type Progress, sumOf } from './progress.ts';

type Query = ListedStep['queries'][number];

/** What a lesson's parts lead to. */
export type LessonActions = {
  onQuery: (query: { query: string; of: string | undefined; as: 'graph' | 'table' }) => void;
  /** @param command  of the step to show */
  onChoose: (command: string) => void;
};

/** The lesson that is shown: its question, what to type, what to ask, what to do and what to expect. */
export const createLesson = (actions: LessonActions) => {
  const place = byId('lesson');
  let shown: string | undefined;

  return {
    show: (step: ListedStep, state: State, progress: ReadonlyMap<number, Progress>) => {
      const active = state.steps.find((each) => each.command === state.active);
      const isActive = active === undefined || active.command === step.command;
      const isStart = step === state.steps[0];
      const start = isStart ? whereToBegin(state, progress, actions) : [];
      const content = JSON.stringify([step, active?.command, isStart && [...progress]]);
      keep(place, content, () => [
        ...start,
        ...(isActive ? [] : [notActive(step, active, actions)]),
        ...lesson(step, actions),
      ]);
      place.dataset.command = step.command;
      if (shown !== step.command) place.scrollTop = 0;
      shown = step.command;
    },
  };
};

export const nameOf = ({ title, experiment }: ListedStep) =>
  experiment ? `Experiment ${experiment.number} · ${title}` : title;

const notActive = ({ command: own }: ListedStep, active: ListedStep, { onChoose }: LessonActions) =>
  element(
    'p.not-active',
    {},
    `Active now: ${nameOf(active)}. `,
    element('code', {}, `make ${own}`),
    ' starts this one. ',
    element('button.link', { type: 'button', click: () => onChoose(active.command) }, 'Back to what is active'),
  );

/** The first page: what to begin with, how far the learner is, and what comes next. */
const whereToBegin = (
  { steps, beginWith }: State,
  progress: ReadonlyMap<number, Progress>,
  { onChoose }: LessonActions,
): HTMLElement[] => {
  const lessons = steps.filter(({ experiment }) => experiment !== undefined);
  const isDone = ({ experiment }: ListedStep) => isSolved(progress.get(experiment?.number ?? 0));
  const first = lessons.find((step) => step.command === beginWith);
  const next = first !== undefined && !isDone(first) ? first : lessons.find((step) => !isDone(step));
  const { solved, all } = sumOf([...progress.values()]);
  const minutes = lessons.reduce((sum, { experiment }) => sum + (experiment?.minutes ?? 0), 0);
  if (next === undefined)
    return [element('h2', {}, 'Every exercise is solved'), element('p', {}, `All ${all} of them.`)];
  return [
    element(
      'section.begin',
      { 'aria-label': 'Where to begin' },
      element('h2', {}, solved === 0 ? 'Where to begin' : 'Where to go on'),
      element(
        'p',
        {},
        solved === 0 ? 'Begin with ' : 'Go on with ',
        element('button.link', { type: 'button', click: () => onChoose(next.command) }, nameOf(next)),
        `, ${next.experiment?.minutes} minutes: ${next.experiment?.question}`,
      ),
      command(`make ${next.command}`),
      element(
        'p.quiet',
        {},
        `Then in the order of the list: ${lessons.length} lessons, about ${Math.round(minutes / 60)} hours. ${solved} of ${all} exercises solved.`,
      ),
    ),
  ];
};

const lesson = (
  { command: name, title, changes, expect, intervals, queries, dashboard, experiment }: ListedStep,
  { onQuery }: LessonActions,
) => [
  element(
    'header',
    {},
    experiment &&
      element('p.quiet', {}, `${experiment.chapter} · experiment ${experiment.number} · ${experiment.minutes} min`),
    element('h2', {}, title),
  ),
  ...(experiment ? [element('p.question', {}, ...withCode(experiment.question))] : []),
  command(`make ${name}`),
  part('Ask', element('ul.queries', {}, ...queries.map((each) => query(each, onQuery)))),
  ...(experiment ? [part('Do', element('ol.todo', {}, ...experiment.todo.map(action)))] : []),
  part('Expect', element('p', {}, ...withCode(expect)), intervals !== undefined && element('p.quiet', {}, intervals)),
  part('What changes', element('p', {}, ...withCode(`${changes}.`))),
  ...(experiment ? [part('Measure', command(`make check-${experiment.number}`))] : []),
  ...(experiment?.undo === undefined ? [] : [part('Undo', command(experiment.undo))]),
  ...(experiment
    ? [
        part(
          'Begin again',
          element('p.quiet', {}, 'The data and what you have solved stay; the step starts anew.'),
          command(experiment.undo === undefined ? `make ${name}` : `make up && make ${name}`),
        ),
      ]
    : []),
  ...(dashboard === undefined ? [] : [element('p', {}, link(dashboard, 'The dashboard in Grafana'))]),
];

/** Something to do; a command in it can be copied. */
const action = (line: string) => {
  const commands = [...line.matchAll(/`(make [^`]+)`/g)].map(([, typed]) => typed!);
  return element('li', {}, element('p', {}, ...withCode(line)), ...commands.map((typed) => command(typed)));
};

const query = ({ expr, of, read, as, link: href, note }: Query, onQuery: LessonActions['onQuery']) =>
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

const part = (title: string, ...content: (Node | false)[]) =>
  element('section', {}, element('h3', {}, title), ...content);

const link = (href: string, content: string) => element('a', { href, target: '_blank', rel: 'noreferrer' }, content);
