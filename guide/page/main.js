import { readAddress } from './address.js';
import { createAsk } from './ask.js';
import { byId } from './dom.js';
import { showHeader, showSilence } from './header.js';
import { showInbox } from './inbox.js';
import { createPicture } from './picture.js';
import { poll } from './poll.js';
import { loadEditors } from './query-field.js';
import { createSteps } from './steps.js';
import { createTurn } from './turn.js';
import { showVerdict } from './verdict.js';

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
  },
  (query) => ask.open(query),
);
const turn = createTurn(() => {
  askExercises();
  askSearch();
});

poll(
  () => '/api/state',
  1_000,
  /** @param {State} answer */ (answer) => {
    const isFirst = state === undefined;
    state = answer;
    showHeader(state);
    steps.show(state);
    ask.setSources(steps.sources());
    if (isFirst && state.inForce === undefined) {
      askPicture();
      askVerdict();
    }
  },
  () => showSilence(),
);

const askPicture = poll(
  // Before it is known what is in force, a picture would be gone at once.
  () => state && `/api/picture?step=${steps.chosen() ?? 'up'}&seconds=${picture.windowSeconds()}`,
  1_000,
  /** @param {DrawnPicture} drawn */ (drawn) => {
    picture.show(drawn);
    ask.align(drawn.from, drawn.to);
    loadEditors();
  },
  loadEditors,
);

const askVerdict = poll(
  () => state && (steps.verdict() === undefined ? '/api/verdict' : `/api/verdict?experiment=${steps.verdict()}`),
  1_500,
  /** @param {LiveVerdict} live */ (live) => {
    if (state === undefined) return;
    showVerdict(live, state);
    turn.show(exercises, searches, live.experiment);
  },
  () => {},
);

const askExercises = poll(
  () => '/api/exercises',
  5_000,
  /** @param {ShownExercise[]} all */ (all) => {
    exercises = all;
    askVerdict();
  },
  () => {},
);

const askSearch = poll(
  () => '/api/search',
  5_000,
  /** @param {SearchState} answer */ (answer) => {
    searches = answer.searches;
    askVerdict();
  },
  () => {},
);

poll(
  () => '/api/notifications',
  1_000,
  /** @param {Notification[]} notifications */ (notifications) => {
    if (state !== undefined) showInbox(notifications, state);
  },
  () => {},
);

// It scrolls, and may hold nothing that takes the focus.
byId('alerts').tabIndex = 0;
ask.followAddress();
