import { byId } from './dom.js';
import { exerciseForm } from './exercise.js';
import { faultForm } from './fault.js';
import { keep } from './header.js';

/** @typedef {import('../src/exercises.ts').ShownExercise} ShownExercise */
/** @typedef {import('./exercise.js').Attempt} Attempt */
/** @typedef {import('../../lab/running/diagnosis.ts').SearchState} SearchState */

/**
 * The learner's turn: the exercises of the experiment that is shown, and its fault where it is a search.
 * @param {() => void} onSolved
 */
export const createTurn = (onSolved) => {
  /** @type {Map<string, Attempt>} */
  const attempts = new Map();

  /** @param {ShownExercise} exercise @returns {Attempt} */
  const attemptAt = (exercise) => {
    const name = `${exercise.experiment}.${exercise.number}`;
    const attempt = attempts.get(name) ?? { query: exercise.start, hints: 0, answer: false };
    attempts.set(name, attempt);
    return attempt;
  };

  return {
    /** Why the exercises are not there yet. @param {string} sentence */
    explain: (sentence) => {
      if (byId('turn').querySelector('.exercise') === null) keep(byId('turn'), sentence, () => [sentence]);
    },
    /** @param {ShownExercise[]} all @param {SearchState['searches']} searches @param {number | undefined} experiment */
    show: (all, searches, experiment) => {
      const exercises = all.filter((exercise) => exercise.experiment === experiment);
      const search = searches.find((each) => each.experiment === experiment);
      byId('tab-turn').hidden = exercises.length === 0 && search === undefined;
      const told = [exercises.map(({ solved: _, ...exercise }) => exercise), search?.causes];
      keep(byId('turn'), JSON.stringify(told), () => [
        ...(search ? [faultForm(search, onSolved)] : []),
        ...exercises.map((exercise) => exerciseForm(exercise, attemptAt(exercise), onSolved)),
      ]);
      for (const { number, solved } of exercises) {
        byId(`solved-${number}`).textContent = solved === undefined ? '' : '✓ solved';
      }
      if (search) byId('found').textContent = search.found.length === 0 ? '' : `✓ found: ${search.found.join(', ')}`;
    },
  };
};
