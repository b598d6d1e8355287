import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { experiments } from '../../experiments/catalogue.ts';
import { besideAbove, incidentLanes, lanesFor } from './lanes.ts';

const lanes = lanesFor(experiments, 3);

test('every experiment is played in one lane', () => {
  const played = lanes.flatMap((lane) => lane.experiments).sort();
  assert.deepEqual(played, experiments.map(({ folder }) => folder).sort());
});

test('every end-to-end test file belongs to a lane', () => {
  const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.e2e.ts'));
  const run = new Set(lanes.flatMap((lane) => lane.files));
  assert.deepEqual([...run].map((name) => `${name}.e2e.ts`).sort(), files.sort());
});

test('one incident of each level is played, and in a smoke run the one with a fault of the monitoring', () => {
  const levelsOf = (isSmoke: boolean) =>
    lanesFor(experiments, 2, isSmoke).flatMap(({ incidents = [] }) => incidents.map(({ level }) => level));
  assert.deepEqual(levelsOf(false), [1, 2, 3]);
  assert.deepEqual(levelsOf(true), [3]);
});

test('twenty incidents are the first seeds of each level in turn, each in one lane', () => {
  const played = incidentLanes(20, 3).flatMap(({ incidents }) =>
    incidents!.map(({ level, seed }) => `${level}:${seed}`),
  );
  assert.equal(new Set(played).size, 20);
  assert.deepEqual(
    [1, 2, 3].map((level) => played.filter((each) => each.startsWith(`${level}:`)).length),
    [7, 7, 6],
  );
});

test('no two lanes have a name or a port in common', () => {
  assert.equal(new Set(lanes.map(({ name }) => name)).size, lanes.length);
  // A fleet takes twelve ports in a row, and a step without Docker some dozen from THANOS_PORT on.
  const steps = [...lanes.map(({ portsAbove }) => portsAbove), besideAbove].sort((one, other) => one - other);
  for (const [index, ports] of steps.entries()) if (index > 0) assert.ok(ports - steps[index - 1]! >= 100);
});

test('what a lesson brings is played at 1 s, what is about an interval at 5 s', () => {
  const laneOf = (slug: string) => lanes.find((lane) => lane.experiments.some((folder) => folder.endsWith(slug)))!;
  assert.equal(laneOf('joins').settings.SCRAPE_INTERVAL, '1s');
  assert.equal(laneOf('sampling').settings.SCRAPE_INTERVAL, undefined);
  assert.equal(laneOf('windows').settings.SCRAPE_INTERVAL, undefined);
});
