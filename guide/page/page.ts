import type { SearchState } from '../../lab/running/diagnosis.ts';
import type { ShownExercise } from '../src/exercises.ts';
import type { PageState } from '../src/lab.ts';
import { readAddress } from './address.ts';
import { createAsk } from './ask.ts';
import { byId, keep, withCode } from './dom.ts';
import { showHeader, showSilence, showWaiting } from './header.ts';
import { createHealth } from './health.ts';
import { createInbox } from './inbox.ts';
import { createLesson } from './lesson.ts';
import { createPicture } from './picture.ts';
import { createSides } from './plot.ts';
import { poll } from './poll.ts';
import { progressOf } from './progress.ts';
import { createQueryFields } from './query-field.ts';
import type { Source } from './source.ts';
import { createSteps } from './steps.ts';
import { createTabs } from './tabs.ts';
import { instantIn } from './times.ts';
import { createTurn } from './turn.ts';
import { createVerdict } from './verdict.ts';
import { isProjected } from './view.ts';

const allTabs = [
  { name: 'verdict', title: 'Verdict', panel: 'verdict' },
  { name: 'turn', title: 'Your turn', panel: 'turn' },
  { name: 'graph', title: 'Graph', panel: 'answer' },
  { name: 'table', title: 'Table', panel: 'answer' },
  { name: 'samples', title: 'Samples', panel: 'answer' },
  { name: 'parts', title: 'Parts', panel: 'answer' },
  { name: 'targets', title: 'Targets', panel: 'health' },
  { name: 'rules', title: 'Rules', panel: 'health' },
  { name: 'alerts', title: 'Alerts', panel: 'health' },
] as const;
const healthViews = ['targets', 'rules', 'alerts'] as const;
const queryViews = ['graph', 'table', 'samples', 'parts'] as const;

/** The page: each part, and what distinguishes one from another. @returns what shows a change at once */
export const start = (source: Source) => {
  let state: PageState | undefined;
  let exercises: ShownExercise[] | undefined;
  let searches: SearchState['searches'] = [];
  let isStarted = false;
  /** What of the learner's progress is known, or cannot be known: the lesson says how far it is. */
  const settled = new Set<'exercises' | 'faults'>();

  const sides = createSides();
  const fields = createQueryFields(source);
  const picture = createPicture(sides, () => {
    askPicture();
    ask.again();
  });
  const tabs = createTabs('tabs', allTabs, (name) => {
    ask.choose(queryViews.find((view) => view === name));
    health.choose(healthViews.find((view) => view === name));
  });
  const ask = createAsk(picture, tabs, source, fields, sides);
  const health = createHealth(source, (query) => {
    health.choose(undefined);
    ask.open({ query, of: undefined, as: 'graph' });
  });
  tabs.show('verdict');
  const verdict = createVerdict(({ text, as, at }) => {
    const instant = at === undefined ? undefined : instantIn(at, Date.now() / 1_000);
    ask.open({ query: text, of: undefined, as, at: instant });
  });
  const inbox = createInbox();
  const turn = createTurn(
    source,
    fields,
    () => {
      askExercises();
      askSearch();
    },
    (look) => ask.open({ ...look, of: undefined, as: 'graph' }),
  );
  const lesson = createLesson({ onQuery: (query) => ask.open(query), onChoose: (command) => steps.choose(command) });
  const steps = createSteps((step) => {
    // An address that holds a time range was asked for it.
    if (isStarted || readAddress()?.seconds === undefined) picture.setWindow(step.pictureSeconds);
    isStarted = true;
    showLesson();
    askVerdict();
    askPicture();
  });

  /** The lesson and its exercises do not wait for a verdict: it may take long. */
  const showLesson = () => {
    const step = steps.shown();
    if (state === undefined || step === undefined) return;
    const progress = progressOf(exercises ?? [], searches);
    steps.showProgress(progress);
    lesson.show(step, state, progress);
    const sentence = step.experiment?.question ?? step.title;
    keep(byId('sentence'), sentence, () => withCode(sentence));
    if (settled.size === 2) byId('main').removeAttribute('aria-busy');
    if (step.command === 'incident') turn.showIncident(state.lab?.exporter?.incident?.from);
    else if (exercises !== undefined) turn.show(exercises, searches, step.verdict);
  };

  const askState = poll(() => source.state, 1_000, {
    onAnswer: (answer) => {
      state = answer;
      showHeader(state);
      steps.show(state);
      ask.setSources(steps.sources());
      ask.setOwnTarget(state.lab?.ownTarget);
      health.setSources(steps.sources());
      showLesson();
    },
    onFailure: () => showSilence(),
    onWait: (waited) => showWaiting(waited),
  });

  const askPicture = poll(
    // Before it is known which step is active, a picture would be gone at once.
    () => {
      const step = steps.shown();
      return step && source.picture(step.command, picture.windowSeconds());
    },
    1_000,
    {
      onAnswer: (drawn) => {
        picture.show(drawn);
        ask.align(drawn.from, drawn.to);
        fields.load();
      },
      onFailure: (reason) => {
        picture.explain(`The picture could not be read: ${reason}.`);
        fields.load();
      },
      onWait: (waited) => picture.explain(`Waiting for what is stored and what really happened: ${waited} s so far.`),
    },
  );

  const askVerdict = poll(
    () => {
      const step = steps.shown();
      return step && source.verdict(step.verdict);
    },
    1_500,
    {
      onAnswer: (live) => state && verdict.show(live, state),
      onFailure: (reason) => state && verdict.fail(steps.shown()?.verdict, reason, state),
      onWait: (waited) => state && verdict.wait(steps.shown()?.verdict, waited, state),
    },
  );

  const askExercises = poll(() => source.exercises, 5_000, {
    onAnswer: (all) => {
      exercises = all;
      settled.add('exercises');
      showLesson();
    },
    onFailure: (reason) => {
      settled.add('exercises');
      turn.explain(`The exercises could not be read: ${reason}.`);
      showLesson();
    },
    onWait: (waited) => turn.explain(`Waiting for the exercises: ${waited} s so far.`),
  });

  const askSearch = poll(() => source.search, 5_000, {
    onAnswer: (answer) => {
      searches = answer.searches;
      settled.add('faults');
      showLesson();
    },
    onFailure: (reason) => {
      settled.add('faults');
      turn.explain(`The faults could not be read: ${reason}.`);
      showLesson();
    },
  });

  poll(() => source.incidents, 5_000, {
    onAnswer: (all) => {
      turn.setIncidents(all);
      showLesson();
    },
    onFailure: (reason) => turn.explain(`What can be answered could not be read: ${reason}.`),
  });

  poll(() => source.notifications, 1_000, {
    onAnswer: (notifications) => state && inbox.show(notifications, state),
    onFailure: (reason) => inbox.fail(reason),
  });

  // They scroll, and may hold nothing that takes the focus.
  for (const id of ['lesson', 'inbox-panel']) byId(id).tabIndex = 0;
  if (isProjected) document.body.dataset.view = 'projector';
  byId('skip').addEventListener('click', () => ask.focus());
  document.addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
    event.preventDefault();
    ask.focus();
  });
  ask.followAddress();

  return {
    /** Asks again for all that a change of the lab shows in. */
    refresh: () => {
      for (const again of [askState, askPicture, askVerdict, ask.again]) again();
    },
  };
};

/** Whether a key is typed into something that takes text, the editor in its shadow root included. */
const isTyping = (event: KeyboardEvent): boolean =>
  event
    .composedPath()
    .some(
      (each) =>
        each instanceof HTMLElement && (each.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(each.tagName)),
    );
