import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Given, placeOf, rowNotes } from '../place.ts';

const file = { BIND: '127.0.0.1', EXPORTER_PORT: '8000', PROMETHEUS_PORT: '9090' };
/** `make up` on a lab that does not run, with the .env that everybody has. */
const fresh: Given = {
  command: 'up',
  settings: file,
  typed: [],
  written: Object.keys(file),
  dotEnv: file,
  moved: undefined,
  kept: {},
};
const pairs = (lines: readonly string[]) =>
  Object.fromEntries(lines.map((line) => line.split(/=(.*)/s) as [string, string]));
const started = (more: Partial<Given>) => pairs(placeOf({ ...fresh, ...more }).lines);
const fromEnvironment = (name: string, value: string) => ({
  settings: { ...file, [name]: value },
  written: fresh.written.filter((each) => each !== name),
});
const typing = (name: string, value: string) => ({ ...fromEnvironment(name, value), typed: [name] });
const port = (given: Given) => placeOf(given).settings.PROMETHEUS_PORT;

const cases: [what: string, begun: Partial<Given>, now: Partial<Given>, port: string][] = [
  ['what .env says holds', {}, {}, '9090'],
  ['what was typed stays without it', typing('PROMETHEUS_PORT', '9091'), {}, '9091'],
  ['what was typed moves it', {}, typing('PROMETHEUS_PORT', '9092'), '9092'],
  ['what is typed moves it at any step', {}, { ...typing('PROMETHEUS_PORT', '9092'), command: 'exp-5' }, '9092'],
  ['what the environment said stays without it', fromEnvironment('PROMETHEUS_PORT', '9091'), {}, '9091'],
  ['the environment moves it at make up', {}, fromEnvironment('PROMETHEUS_PORT', '9092'), '9092'],
  [
    'the environment moves it nowhere else',
    {},
    { ...fromEnvironment('PROMETHEUS_PORT', '9092'), command: 'exp-5' },
    '9090',
  ],
  [
    'a .env that has changed moves it at make up',
    {},
    { settings: { ...file, PROMETHEUS_PORT: '9093' }, dotEnv: { ...file, PROMETHEUS_PORT: '9093' } },
    '9093',
  ],
  [
    'a .env that has changed moves it nowhere else',
    {},
    { settings: { ...file, PROMETHEUS_PORT: '9093' }, dotEnv: { ...file, PROMETHEUS_PORT: '9093' }, command: 'exp-5' },
    '9090',
  ],
  [
    'an environment that was there all the time moves nothing',
    typing('PROMETHEUS_PORT', '9091'),
    fromEnvironment('PROMETHEUS_PORT', '19090'),
    '9091',
  ],
  ['PORTS moves every port', { moved: '+100' }, {}, '9190'],
  [
    'PORTS moves those of the environment, too',
    { ...fromEnvironment('PROMETHEUS_PORT', '19090'), moved: '+100' },
    fromEnvironment('PROMETHEUS_PORT', '19090'),
    '19190',
  ],
  ['PORTS moves a lab that runs', {}, { moved: '+200' }, '9290'],
  ['what is typed beside PORTS is meant as it is', { ...typing('PROMETHEUS_PORT', '9091'), moved: '+100' }, {}, '9091'],
];
for (const [what, begun, now, expected] of cases) {
  test(what, () => assert.equal(port({ ...fresh, ...now, kept: started(begun) }), expected));
}

test('what is typed for one command does not make the environment a change', () => {
  const environment = fromEnvironment('PROMETHEUS_PORT', '19090');
  const begun = started({ ...environment, moved: '+100' });
  const typedOnce = pairs(placeOf({ ...fresh, ...typing('PROMETHEUS_PORT', '9091'), kept: begun }).lines);
  assert.equal(port({ ...fresh, ...environment, kept: typedOnce }), '9091');
  assert.equal(port({ ...fresh, ...fromEnvironment('PROMETHEUS_PORT', '19091'), kept: typedOnce }), '19091');
});

test('a step keeps what is known of the start', () => {
  const kept = started(fromEnvironment('PROMETHEUS_PORT', '9091'));
  const after = pairs(placeOf({ ...fresh, command: 'exp-5', kept }).lines);
  assert.deepEqual(after, kept);
});

test('a lab that wrote nothing down stays where its services are', () => {
  assert.equal(port({ ...fresh, kept: { BIND: '127.0.0.1', PROMETHEUS_PORT: '9191' } }), '9191');
});

test('what does not count is said, with what would', () => {
  const kept = started(typing('PROMETHEUS_PORT', '9091'));
  assert.deepEqual(placeOf({ ...fresh, kept }).notes, [
    'it stays at PROMETHEUS_PORT=9091, where it was started; make down forgets that',
  ]);
  assert.deepEqual(placeOf({ ...fresh, ...fromEnvironment('BIND', '0.0.0.0'), command: 'exp-5', kept }).notes, [
    'BIND=0.0.0.0 of the environment does not count: the lab runs at 127.0.0.1 until make down; make up BIND=0.0.0.0 moves it',
  ]);
  assert.deepEqual(placeOf(fresh).notes, []);
});

for (const moved of ['100', '+', '+0', '-100', '+50001', '+1e3', '+100 ']) {
  test(`PORTS=${JSON.stringify(moved)} is refused by name`, () =>
    assert.deepEqual(placeOf({ ...fresh, moved }).problems, [
      `PORTS must be + and a whole number from 1 to 50000, such as +100, got ${JSON.stringify(moved)}`,
    ]));
}

test('ports that a fleet or an experiment will need are named at make up', () => {
  const { settings } = placeOf(fresh);
  assert.deepEqual(rowNotes(settings), []);
  assert.deepEqual(rowNotes({ ...settings, EXPORTER_PORT: '22000', PROMETHEUS_PORT: '22001' }), [
    'experiments with a fleet take ports 22000 to 22011 (EXPORTER_PORT), and PROMETHEUS_PORT is 22001: change one',
  ]);
  assert.deepEqual(rowNotes({ ...settings, EXPORTER_PORT: '22000', PROMETHEUS_PORT: '22012' }), []);
});
