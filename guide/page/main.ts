import type { Notification } from '../../lab/model/reader.ts';
import type { SearchState } from '../../lab/running/diagnosis.ts';
import type { ShownExercise } from '../src/exercises.ts';
import type { LiveVerdict, PageState as State } from '../src/lab.ts';
import type { DrawnPicture } from '../src/picture.ts';
import { readAddress } from './address.ts';
import { createAsk } from './ask.ts';
import { byId } from './dom.ts';
import { guideSource } from './guide-source.ts';
import { showHeader, showSilence, showWaiting } from './header.ts';
import { showInbox } from './inbox.ts';
import { createPicture } from './picture.ts';
import { createSides } from './plot.ts';
import { poll } from './poll.ts';
import { createQueryFields } from './query-field.ts';
import { createSteps } from './steps.ts';
import { createTurn } from './turn.ts';
import { createVerdict } from './verdict.ts';

const source = guideSource();
const fields = createQueryFields(source);
const sides = createSides();

let state: State | undefined;

let exercises: ShownExercise[] = [];

let searches: SearchState['searches'] = [];

/** Whether the exercises are known. */
let isListed = false;
let isStarted = false;
const picture = createPicture(sides, () => {
  askPicture();
  ask.again();
});
const ask = createAsk(picture, source, fields, sides);
const steps = createSteps(
  (step) => {
    // An address that holds a stretch of time was asked for it.
    if (step !== undefined && (isStarted || readAddress()?.seconds === undefined))
      picture.setWindow(step.pictureSeconds);
    isStarted = true;
    askVerdict();
    askPicture();
    showTurn();
  },
  (query) => ask.open(query),
);
const verdict = createVerdict();
const turn = createTurn(source, fields, () => {
  askExercises();
  askSearch();
});

poll(() => source.state, 1_000, {
  onAnswer: (answer: State) => {
    const isFirst = state === undefined;
    state = answer;
    showHeader(state);
    steps.show(state);
    ask.setSources(steps.sources());
    showTurn();
    if (isFirst && state.inForce === undefined) {
      askPicture();
      askVerdict();
    }
  },
  onFailure: () => showSilence(),
  onWait: (waited) => showWaiting(waited),
});

const askPicture = poll(
  // Before it is known what is in force, a picture would be gone at once.
  () => state && source.picture(steps.chosen() ?? 'up', picture.windowSeconds()),
  1_000,
  {
    onAnswer: (drawn: DrawnPicture) => {
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

/** The exercises do not wait for a verdict: it may take long. */
function showTurn() {
  if (state !== undefined && isListed) turn.show(exercises, searches, experimentShown());
}

const askVerdict = poll(() => state && source.verdict(steps.verdict()), 1_500, {
  onAnswer: (live: LiveVerdict) => {
    if (state !== undefined) verdict.show(live, state);
  },
  onFailure: (reason) => {
    if (state !== undefined) verdict.fail(experimentShown(), reason, state);
  },
  onWait: (waited) => {
    if (state !== undefined) verdict.wait(experimentShown(), waited, state);
  },
});

/** The experiment whose verdict and exercises are shown. */
function experimentShown() {
  return steps.verdict() ?? state?.followed;
}

const askExercises = poll(() => source.exercises, 5_000, {
  onAnswer: (all: ShownExercise[]) => {
    exercises = all;
    isListed = true;
    showTurn();
  },
  onFailure: (reason) => turn.explain(`The exercises could not be read: ${reason}.`),
  onWait: (waited) => turn.explain(`Waiting for the exercises: ${waited} s so far.`),
});

const askSearch = poll(() => source.search, 5_000, {
  onAnswer: (answer: SearchState) => {
    searches = answer.searches;
    showTurn();
  },
  onFailure: (reason) => turn.explain(`The faults could not be read: ${reason}.`),
});

poll(() => source.notifications, 1_000, {
  onAnswer: (notifications: Notification[]) => {
    if (state !== undefined) showInbox(notifications, state);
  },
  onFailure: (reason) => {
    byId('inbox-count').textContent = `not read: ${reason}`;
  },
});

// It scrolls, and may hold nothing that takes the focus.
byId('alerts').tabIndex = 0;
ask.followAddress();
