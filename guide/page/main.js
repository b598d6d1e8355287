import { readAddress } from './address.js';
import { createAsk } from './ask.js';
import { byId } from './dom.js';
import { showHeader, showSilence, showWaiting } from './header.js';
import { showInbox } from './inbox.js';
import { createPicture } from './picture.js';
import { poll } from './poll.js';
import { loadEditors } from './query-field.js';
import { createSteps } from './steps.js';
import { createTurn } from './turn.js';
import { createVerdict } from './verdict.js';

/** @typedef {import('../src/lab.ts').PageState} State */
/** @typedef {import('../src/lab.ts').LiveVerdict} LiveVerdict */
/** @typedef {import('../src/picture.ts').DrawnPicture} DrawnPicture */
/** @typedef {import('../../lab/model/reader.ts').Notification} Notification */
/** @typedef {import('../src/exercises.ts').ShownExercise} ShownExercise */
/** @typedef {import('../../lab/running/diagnosis.ts').SearchState} SearchState */

/** @type {State | undefined} */
let state;

/** @type {ShownExercise[]} */
let exercises = [];

/** @type {SearchState['searches']} */
let searches = [];

/** Whether the exercises are known. */
let isListed = false;
let isStarted = false;
const picture = createPicture(() => {
  askPicture();
  ask.again();
});
const ask = createAsk(picture);
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
const turn = createTurn(() => {
  askExercises();
  askSearch();
});

poll(() => '/api/state', 1_000, {
  /** @param {State} answer */
  onAnswer: (answer) => {
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
  () => state && `/api/picture?step=${steps.chosen() ?? 'up'}&seconds=${picture.windowSeconds()}`,
  1_000,
  {
    /** @param {DrawnPicture} drawn */
    onAnswer: (drawn) => {
      picture.show(drawn);
      ask.align(drawn.from, drawn.to);
      loadEditors();
    },
    onFailure: (reason) => {
      picture.explain(`The picture could not be read: ${reason}.`);
      loadEditors();
    },
    onWait: (waited) => picture.explain(`Waiting for what is stored and what really happened: ${waited} s so far.`),
  },
);

/** The exercises do not wait for a verdict: it may take long. */
function showTurn() {
  if (state !== undefined && isListed) turn.show(exercises, searches, experimentShown());
}

const askVerdict = poll(
  () => state && (steps.verdict() === undefined ? '/api/verdict' : `/api/verdict?experiment=${steps.verdict()}`),
  1_500,
  {
    /** @param {LiveVerdict} live */
    onAnswer: (live) => {
      if (state !== undefined) verdict.show(live, state);
    },
    onFailure: (reason) => {
      if (state !== undefined) verdict.fail(experimentShown(), reason, state);
    },
    onWait: (waited) => {
      if (state !== undefined) verdict.wait(experimentShown(), waited, state);
    },
  },
);

/** The experiment whose verdict and exercises are shown. */
function experimentShown() {
  return steps.verdict() ?? state?.followed;
}

const askExercises = poll(() => '/api/exercises', 5_000, {
  /** @param {ShownExercise[]} all */
  onAnswer: (all) => {
    exercises = all;
    isListed = true;
    showTurn();
  },
  onFailure: (reason) => turn.explain(`The exercises could not be read: ${reason}.`),
  onWait: (waited) => turn.explain(`Waiting for the exercises: ${waited} s so far.`),
});

const askSearch = poll(() => '/api/search', 5_000, {
  /** @param {SearchState} answer */
  onAnswer: (answer) => {
    searches = answer.searches;
    showTurn();
  },
  onFailure: (reason) => turn.explain(`The faults could not be read: ${reason}.`),
});

poll(() => '/api/notifications', 1_000, {
  /** @param {Notification[]} notifications */
  onAnswer: (notifications) => {
    if (state !== undefined) showInbox(notifications, state);
  },
  onFailure: (reason) => {
    byId('inbox-count').textContent = `not read: ${reason}`;
  },
});

// It scrolls, and may hold nothing that takes the focus.
byId('alerts').tabIndex = 0;
ask.followAddress();
