import { experiments } from '../../experiments/catalogue.ts';
import type { Exercise } from '../model/exercise.ts';
import type { Experiment, Fault } from '../model/lesson.ts';
import { quoted } from '../settings/quoted.ts';

/** An exercise with its place: number 1 of experiment 4 is `aggregation/1`. */
export type PlacedExercise = { experiment: number; title: string; number: number; name: string; exercise: Exercise };

let placed: readonly PlacedExercise[] = [];
/** Every exercise in its order, the same ones each time. A browser tab loads them after the lessons: until then there is none. */
export const placedExercises = (): readonly PlacedExercise[] => {
  if (placed.length > 0) return placed;
  placed = experiments.flatMap(({ number: experiment, slug, title, exercises = [] }) =>
    exercises.map((exercise, index) => {
      const number = index + 1;
      return { experiment, title, number, name: `${slug}/${number}`, exercise };
    }),
  );
  return placed;
};

/** Something that is no answer to any exercise; the message names the value and the choices. */
export class AnswerError extends Error {}

/**
 * @param experiment  number of the experiment
 * @param number      within it, from 1
 * @throws AnswerError where there is none
 */
export const findExercise = (experiment: unknown, number: unknown): PlacedExercise => {
  const exercises = placedExercises();
  const siblings = exercises.filter((each) => each.experiment === experiment);
  if (siblings.length === 0) {
    const known = [...new Set(exercises.map((each) => each.experiment))].join(', ');
    throw new AnswerError(`experiment ${shown(experiment)} has no exercises: choose one of ${known}`);
  }
  const found = siblings.find((each) => each.number === number);
  if (found !== undefined) return found;
  const choices = siblings.map((each) => each.number).join(' or ');
  throw new AnswerError(`NUMBER must be ${choices} for experiment ${experiment}, got ${shown(number)}`);
};

const searches = experiments.filter(({ faults }) => faults.length > 0);

/**
 * @param experiment  number of the experiment
 * @param name        what was typed for `setting`
 * @throws AnswerError where the experiment is no search, or has no such fault
 */
export const findFault = (setting: 'FAULT' | 'CAUSE', experiment: unknown, name: unknown): [Experiment, Fault] => {
  const search = searches.find(({ number }) => number === experiment);
  if (search === undefined) {
    throw new AnswerError(`${setting} is for experiment ${searches.map(({ number }) => number).join(' or ')} alone`);
  }
  const fault = search.faults.find((each) => each.name === name);
  if (fault !== undefined) return [search, fault];
  const names = search.faults.map((each) => each.name);
  throw new AnswerError(`${setting} must be ${names.slice(0, -1).join(', ')} or ${names.at(-1)}, got ${shown(name)}`);
};

/** The longest query that is read, in characters. */
const longestQuery = 2_000;

/** @throws AnswerError where there is nothing in it, or more than anyone types */
export const checkQuery = (query: unknown): string => {
  if (typeof query !== 'string') throw new AnswerError(`QUERY must be a text, got ${shown(query)}`);
  if (query.trim() === '') throw new AnswerError('QUERY must be a PromQL query, got nothing');
  if (query.length > longestQuery) {
    throw new AnswerError(`QUERY must have at most ${longestQuery} characters, got ${query.length}`);
  }
  return query;
};

/** A value in a message. Not what is in a list or an object: it may be nested deeper than the stack. */
const shown = (value: unknown): string => {
  if (value === undefined) return 'nothing';
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  return quoted(value);
};
