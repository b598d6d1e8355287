import { chapters } from '../../lab/model/lesson.ts';
import type { PageState as State } from '../src/lab.ts';
import type { ListedStep } from '../src/steps.ts';
import { byId, element, keep } from './dom.ts';
import { isSolved, type Progress, sumOf } from './progress.ts';

/** A chapter of the list: the single changes come first, under a name of their own. */
const theLab = 'The lab';
const chapterOf = ({ experiment }: ListedStep): string => experiment?.chapter ?? theLab;

/** From this width on the list is always open. */
const wide = matchMedia('(min-width: 1101px) and (min-height: 561px)');

/**
 * The list of lessons, by chapters that fold. It follows the step that is active, until the learner chooses another one.
 * @param onChoice  called with what is shown from now on
 */
export const createSteps = (onChoice: (step: ListedStep) => void) => {
  const list = byId('lessons') as HTMLDetailsElement;
  const places = new Map<string, { button: HTMLElement; chapter: HTMLDetailsElement; mark: HTMLElement }>();
  let state: State | undefined;
  let chosen: string | undefined;
  let progress: ReadonlyMap<number, Progress> = new Map();

  const unfold = () => {
    list.open = wide.matches;
  };
  wide.addEventListener('change', unfold);
  unfold();

  const shown = () => state?.steps.find(({ command }) => command === (chosen ?? state?.active)) ?? state?.steps[0];

  const choose = (command: string) => {
    chosen = command;
    if (!wide.matches) list.open = false;
    mark();
    const step = shown();
    if (step !== undefined) onChoice(step);
  };

  const mark = () => {
    const own = shown()?.command;
    for (const [command, { button }] of places) {
      button.setAttribute('aria-pressed', String(command === own));
      if (command === state?.active) button.setAttribute('aria-current', 'step');
      else button.removeAttribute('aria-current');
    }
  };

  const markSolved = () => {
    for (const { command, experiment } of state?.steps ?? []) {
      if (experiment === undefined) continue;
      const place = places.get(command)?.mark;
      const own = progress.get(experiment.number);
      const text = isSolved(own) ? '✓' : own !== undefined && own.solved > 0 ? `${own.solved}/${own.all}` : '';
      if (place === undefined || place.textContent === text) continue;
      place.textContent = text;
      place.title = own === undefined ? '' : `${own.solved} of ${own.all} exercises solved`;
    }
    const { solved, all } = sumOf([...progress.values()]);
    byId('progress').textContent = all === 0 ? '' : `${solved} of ${all} solved`;
  };

  /** Shows a lesson's place in the list, without moving more than that takes. */
  const bringIntoSight = (command: string) => {
    const place = places.get(command);
    if (place === undefined) return;
    place.chapter.open = true;
    if (!wide.matches) return;
    const [row, frame] = [place.button, byId('steps')].map((each) => each.getBoundingClientRect());
    if (row === undefined || frame === undefined) return;
    if (row.bottom > frame.bottom) byId('steps').scrollTop += row.bottom - frame.bottom;
    if (row.top < frame.top) byId('steps').scrollTop -= frame.top - row.top;
  };

  const draw = (steps: readonly ListedStep[]) => {
    places.clear();
    const own = new Set(steps.map(chapterOf));
    return [theLab, ...chapters]
      .filter((name) => own.has(name))
      .map((name, index) => {
        const own = steps.filter((step) => chapterOf(step) === name);
        const minutes = own.reduce((sum, { experiment }) => sum + (experiment?.minutes ?? 0), 0);
        const rows = own.map((step) => ({ step, ...row(step, () => choose(step.command)) }));
        const chapter = element(
          'details.chapter',
          { open: index <= 1 },
          element(
            'summary',
            {},
            element('span.name', {}, name),
            minutes > 0 && element('span.quiet', {}, `${minutes} min`),
          ),
          element('ol', {}, ...rows.map(({ button }) => element('li', {}, button))),
        ) as HTMLDetailsElement;
        for (const { step, button, mark } of rows) places.set(step.command, { button, chapter, mark });
        return chapter;
      });
  };

  return {
    show: (now: State) => {
      const isNew = now.active !== undefined && now.active !== state?.active;
      const isFirst = state === undefined;
      state = { ...now, active: now.active ?? state?.active };
      const { steps } = state;
      const content = steps.map(({ command, title, experiment }) => [command, title, experiment?.chapter]);
      keep(byId('steps'), JSON.stringify(content), () => draw(steps));
      if (isNew) chosen = undefined;
      mark();
      markSolved();
      if (!isNew && !isFirst) return;
      if (now.active !== undefined) bringIntoSight(now.active);
      const step = shown();
      if (step !== undefined) onChoice(step);
    },
    showProgress: (now: ReadonlyMap<number, Progress>) => {
      progress = now;
      markSolved();
    },
    choose: (command: string) => {
      choose(command);
      bringIntoSight(command);
    },
    /** Who else answers queries in the step that is active, by name. */
    sources: () => state?.steps.find(({ command }) => command === state?.active)?.sources ?? [],
    shown,
  };
};

const row = ({ command, title, experiment }: ListedStep, click: () => void) => {
  const mark = element('span.solved', {});
  const button = element(
    'button.step',
    { type: 'button', 'data-command': command, click },
    element('span.number', { 'aria-hidden': 'true' }, experiment ? String(experiment.number) : '·'),
    element('span.title', {}, title),
    mark,
    experiment && element('span.minutes', {}, `${experiment.minutes} min`),
  );
  return { button, mark };
};
