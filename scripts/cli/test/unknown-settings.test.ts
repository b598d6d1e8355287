import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { repository } from '../../host/repository.ts';
import { overridden, setsOf } from '../overriding.ts';
import { settingNames } from '../settings.ts';
import { distanceBetween, typedInVain, unknownSettings } from '../unknown-settings.ts';

const handedOn = settingNames(readFileSync(join(repository, 'compose.yaml'), 'utf8'));
const none = { handedOn, typed: [], written: [], numbered: [] };

const wrong: [name: string, words: string][] = [
  ['SCRAPE_INTERVALL', 'SCRAPE_INTERVALL is no setting: did you mean SCRAPE_INTERVAL?'],
  ['scrape_interval', 'scrape_interval is no setting: did you mean SCRAPE_INTERVAL?'],
  ['SCRAEP_INTERVAL', 'SCRAEP_INTERVAL is no setting: did you mean SCRAPE_INTERVAL?'],
  ['QUERRY', 'QUERRY is no setting: did you mean QUERY?'],
  ['METRICS_PATH', 'METRICS_PATH is not handed on: a file laid over compose.yaml may set it'],
];
for (const [name, words] of wrong) {
  test(`${name} is refused where it is typed or written down, and none of ours in the environment`, () => {
    assert.deepEqual(unknownSettings({ ...none, typed: [name] }).problems, [words]);
    assert.deepEqual(unknownSettings({ ...none, written: [name] }).problems, [words.replace(name, `${name} in .env`)]);
    assert.deepEqual(unknownSettings({ ...none, numbered: [name] }).problems, []);
  });
}

test('a setting of one instance is refused wherever it stands, where nothing hands it on', () => {
  for (const name of ['LATENCY_3', 'ERRORS_12', 'DEPLOY_3', 'JOB_3']) {
    const { problems } = unknownSettings({ ...none, numbered: [name, 'HOST_5', 'LATENCY_2', 'JOB_2'] });
    assert.equal(problems.length, 1);
    assert.ok(problems[0]!.startsWith(`${name} in the environment is not handed on to the exporter. `), problems[0]);
  }
});

test('what docs/exporter.md offers before a command is handed on', () => {
  for (const name of ['JOB', 'JOB_2', 'METRICS_DELAY', 'LATENCY_2']) assert.ok(handedOn.includes(name), name);
});

test('what .env comes with is known, name by name', () => {
  const written = [...readFileSync(join(repository, '.env'), 'utf8').matchAll(/^(?:# )?([A-Z_]+)=/gm)].map(
    ([, name]) => name!,
  );
  assert.ok(written.length > 10);
  assert.deepEqual(unknownSettings({ ...none, written }), { problems: [], notes: [] });
});

test('every setting that is one passes, and a name like none is named', () => {
  const known = [...handedOn, 'RUNTIME', 'QUERY_URL', 'ENGINE_PORT', 'THANOS_IMAGE'];
  assert.deepEqual(unknownSettings({ ...none, typed: known, written: known }), { problems: [], notes: [] });
  assert.deepEqual(unknownSettings({ ...none, typed: ['MY_OWN_THING'] }), {
    problems: [],
    notes: ['MY_OWN_THING is no setting of the lab, and changes nothing'],
  });
  const problem = 'ENGINE_TARGETS in .env is called THANOS_TARGETS now';
  assert.deepEqual(unknownSettings({ ...none, written: ['ENGINE_TARGETS'] }), { problems: [problem], notes: [] });
});

test('after a command that only asks, a setting changes nothing, and that is said', () => {
  assert.deepEqual(typedInVain(handedOn, ['SCRAPE_INTERVAL', 'QUERY_URL']), {
    problems: [],
    notes: ['SCRAPE_INTERVAL changes nothing here: it is for make up, and for every other step'],
  });
  assert.equal(typedInVain(handedOn, ['QUERRY_URL']).problems.length, 1);
});

const distances: [one: string, other: string, distance: number][] = [
  ['', '', 0],
  ['A', '', 1],
  ['AB', 'BA', 1],
  ['CORE', 'CORES', 1],
  ['kitten', 'sitting', 3],
];
for (const [one, other, distance] of distances) {
  test(`${distance} letters are between "${one}" and "${other}"`, () =>
    assert.equal(distanceBetween(one, other), distance));
}

test('what a step sets itself is read from its file, and named where something else was set', () => {
  const text =
    'services:\n  exporter: { environment: { INSTANCES: 3, OTHER: 1 } }\n  prometheus:\n    ports: !reset []\n  a:\n';
  const sets = setsOf(text, ['INSTANCES', 'CORES']);
  assert.deepEqual(sets, { INSTANCES: '3' });
  assert.deepEqual(overridden('exp-9', [{}, sets], { INSTANCES: '5' }), [
    'INSTANCES is set by exp-9 itself, to "3": leave it out',
  ]);
  assert.deepEqual(overridden('exp-9', [sets], { INSTANCES: '3', CORES: '4' }), []);
  assert.deepEqual(overridden('exp-9', [sets], {}), []);
});
