import type { IncidentChoices } from '../../lab/incidents/said.ts';
import type { SearchState } from '../../lab/running/diagnosis.ts';
import type { ShownExercise } from '../src/exercises.ts';
import type { Look } from './debrief.ts';
import { byId, keep } from './dom.ts';
import type { Attempt } from './exercise.ts';
import { exerciseForm } from './exercise.ts';
import { faultForm } from './fault.ts';
import { incidentForm } from './incident.ts';
import type { QueryFields } from './query-field.ts';
import type { Source } from './source.ts';

/** The learner's turn: the exercises of the experiment that is shown, and its fault where it is a search. */
export const createTurn = (source: Source, fields: QueryFields, onSolved: () => void, onLook: (look: Look) => void) => {
  let choices: IncidentChoices | undefined;
  let begun: number | undefined;
  const attempts: Map<string, Attempt> = new Map();

  const attemptAt = (exercise: ShownExercise): Attempt => {
    const name = `${exercise.experiment}.${exercise.number}`;
    const attempt = attempts.get(name) ?? { query: exercise.start, hints: 0, answer: false };
    attempts.set(name, attempt);
    return attempt;
  };

  return {
    setIncidents: (all: IncidentChoices) => {
      choices = all;
    },
    /** An incident in place of exercises. @param from  when it began, where that is known: another one is another form */
    showIncident: (from: number | undefined) => {
      if (choices === undefined) return;
      const known = choices;
      begun = from ?? begun;
      byId('tab-turn').hidden = false;
      keep(byId('turn'), `incident ${begun}`, () => [incidentForm(known, source, onSolved, onLook)]);
    },
    /** Why the exercises are not there yet. */
    explain: (sentence: string) => {
      if (byId('turn').querySelector('.exercise') === null) keep(byId('turn'), sentence, () => [sentence]);
    },
    show: (all: ShownExercise[], searches: SearchState['searches'], experiment: number | undefined) => {
      const exercises = all.filter((exercise) => exercise.experiment === experiment);
      const search = searches.find((each) => each.experiment === experiment);
      byId('tab-turn').hidden = exercises.length === 0 && search === undefined;
      const state = [exercises.map(({ solved: _, ...exercise }) => exercise), search?.causes];
      keep(byId('turn'), JSON.stringify(state), () => [
        ...(search ? [faultForm(search, source, onSolved)] : []),
        ...exercises.map((exercise) => exerciseForm(exercise, attemptAt(exercise), source, fields, onSolved)),
      ]);
      for (const { number, solved } of exercises) {
        byId(`solved-${number}`).textContent = solved === undefined ? '' : '✓ solved';
      }
      if (search) byId('found').textContent = search.found.length === 0 ? '' : `✓ found: ${search.found.join(', ')}`;
    },
  };
};
