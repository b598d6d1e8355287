import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { experiments } from '../../experiments/catalogue.ts';
import type { Lab } from '../../lab/model/lab.ts';
import type { Experiment } from '../../lab/model/lesson.ts';
import type { Reader } from '../../lab/model/reader.ts';
import type { PlacedExercise } from '../../lab/running/exercises.ts';
import { solve } from '../../lab/running/solve.ts';
import { storedHour } from '../../lab/simulator/stored-hour.ts';
import { missing, prometheusWith } from './bounded-prometheus.ts';
import { exercisesOf, slowestOf, tellsAll, tellsOthers } from './exercises.ts';
import { fleetAfter, fleetStart } from './simulated.ts';

/**
 * Exercises that are about the state of their experiment, judged on a real Prometheus that holds what the exporter's own
 * pages gave in simulated time, with the stale markers, and what rules recorded.
 */
const seconds = 200;

const exercises = exercisesOf();

const lessonOf = ({ experiment }: PlacedExercise): Experiment =>
  experiments.find(({ number }) => number === experiment)!;

const intervals = [1, 5, 15, 30];
/** So far from each other that no query reads two of them. */
const apartSeconds = 1_800;

/**
 * What was stored right after so many seconds of an experiment, at each of the intervals: one Prometheus holds all of
 * them, at different times of its past, since starting one takes longer than what it is asked.
 */
const played = async (t: TestContext, { plan }: Experiment): Promise<{ lab: Lab; read: Reader }[]> => {
  const startOf = (index: number) => fleetStart + index * apartSeconds;
  const simulated = await Promise.all(
    intervals.map((scrapeSeconds, index) =>
      fleetAfter(seconds, 'needs' in plan ? {} : plan, scrapeSeconds, 0.68, startOf(index)),
    ),
  );
  const stored = simulated.flatMap((lab, index) => lab.storedAt(startOf(index) + seconds));
  const { read } = await prometheusWith(t, stored);
  return simulated.map((each, index) => {
    const now = startOf(index) + seconds;
    const { truth, notifications, alerts, silences } = each.readAt(now);
    return { lab: each.labAt(now), read: { ...read, truth, notifications, alerts, silences } };
  });
};

/** The exercises that the base lab cannot show. */
const aboutTheirState = async (t: TestContext): Promise<PlacedExercise[]> => {
  const { lab, series } = storedHour(1_700_100_000, 5);
  const { read } = await prometheusWith(t, series);
  const found: PlacedExercise[] = [];
  // One after the other: all at once are more than Prometheus answers in the time that a query has.
  for (const placed of exercises) {
    const { kind } = await solve(placed.exercise, placed.exercise.answer, read, lab);
    if (kind === 'elsewhere') found.push(placed);
  }
  return found;
};

test('an exercise about the state of its experiment is judged there, or says why no test can', {
  skip: missing,
}, async (t) => {
  const placed = await aboutTheirState(t);
  for (const { experiment, number, exercise } of exercises.filter((each) => !placed.includes(each))) {
    assert.equal(exercise.onlyLive, undefined, `${experiment}.${number} is judged on the base lab`);
  }
  const simulated = placed.filter(({ exercise }) => exercise.onlyLive === undefined);
  for (const lesson of new Set(simulated.map(lessonOf))) {
    const own = simulated.filter((each) => lessonOf(each) === lesson);
    await t.test(lesson.folder, async (tt) => {
      for (const [index, { lab, read }] of (await played(tt, lesson)).entries()) {
        const scrapeSeconds = intervals[index]!;
        for (const { experiment, number, exercise } of own) {
          await tt.test(`${experiment}.${number}, scraped every ${scrapeSeconds} s`, async () => {
            if (scrapeSeconds <= slowestOf(exercise)) await tellsAll(exercise, read, lab, scrapeSeconds === 5);
            if (scrapeSeconds === 5) await tellsOthers(exercise, read, lab);
            if (scrapeSeconds <= slowestOf(exercise)) return;
            const solution = await solve(exercise, exercise.answer, read, lab);
            assert.equal(solution.kind, 'elsewhere', JSON.stringify(solution));
            assert.match(JSON.stringify(solution), new RegExp(`make exp-${experiment} SCRAPE_INTERVAL=5s`));
          });
        }
      }
    });
  }
});
