import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parse } from 'yaml';
import { experiments } from '../../experiments/catalogue.ts';
import { start } from '../../exporter/test/worlds.ts';
import type { Lab } from '../../lab/model/lab.ts';
import type { Reader } from '../../lab/model/reader.ts';
import type { Series } from '../../lab/promql/sample.ts';
import type { PlacedExercise } from '../../lab/running/exercises.ts';
import { solve } from '../../lab/running/solve.ts';
import { storedHour } from '../../lab/simulator/stored-hour.ts';
import { repository } from '../../scripts/host/repository.ts';
import { missing, prometheusWith } from './bounded-prometheus.ts';
import { exercisesOf, slowestOf, tellsAll, tellsOthers } from './exercises.ts';
import { fleetAfter } from './simulated.ts';

/**
 * Exercises that are about the state of their experiment, judged on a real Prometheus that holds what the exporter's own
 * pages gave in simulated time. Stale markers cannot be loaded into it, nor what a rule stored.
 */
const seconds = 200;

const exercises = exercisesOf();

const folderOf = ({ experiment }: PlacedExercise): string =>
  experiments.find(({ number }) => number === experiment)!.folder;

const environmentOf = (folder: string): Record<string, string> => {
  const file = join(repository, 'experiments', folder, 'compose.yaml');
  const { services } = existsSync(file) ? parse(readFileSync(file, 'utf8')) : { services: {} };
  const pairs = Object.entries((services.exporter?.environment ?? {}) as Record<string, string>);
  return Object.fromEntries(pairs.map(([name, value]) => [name, String(value).replace(/^\$\{\w+:-(.*)\}$/, '$1')]));
};

/** What was stored right after so many seconds of an experiment. */
const played = async (t: TestContext, folder: string, scrapeSeconds: number): Promise<{ lab: Lab; read: Reader }> => {
  const simulated = await fleetAfter(seconds, environmentOf(folder), scrapeSeconds, 0.68);
  const now = start + seconds;
  const stored: Series[] = simulated
    .storedAt(now)
    .map(({ labels, samples }) => ({ labels, samples }))
    .sort((one, other) => (one.labels.__name__! < other.labels.__name__! ? -1 : 1));
  const { read } = await prometheusWith(t, stored);
  const { truth, notifications } = simulated.readAt(now);
  return { lab: simulated.labAt(now), read: { ...read, truth, notifications } };
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
  for (const folder of new Set(simulated.map(folderOf))) {
    const own = simulated.filter((each) => folderOf(each) === folder);
    for (const scrapeSeconds of [1, 5, 15, 30]) {
      await t.test(`${folder}, scraped every ${scrapeSeconds} s`, async (tt) => {
        const { lab, read } = await played(tt, folder, scrapeSeconds);
        for (const { experiment, number, exercise } of own) {
          await tt.test(`${experiment}.${number}`, async () => {
            if (scrapeSeconds <= slowestOf(exercise)) await tellsAll(exercise, read, lab);
            if (scrapeSeconds === 5) await tellsOthers(exercise, read, lab);
            if (scrapeSeconds <= slowestOf(exercise)) return;
            const solution = await solve(exercise, exercise.answer, read, lab);
            assert.equal(solution.kind, 'elsewhere', JSON.stringify(solution));
            assert.match(JSON.stringify(solution), new RegExp(`make exp-${experiment} SCRAPE_INTERVAL=5s`));
          });
        }
      });
    }
  }
});
