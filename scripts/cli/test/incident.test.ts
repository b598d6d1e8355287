import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { environmentOf, incidentOf, sealedIncident } from '../../../lab/incidents/incident.ts';
import type { Said } from '../../../lab/incidents/said.ts';
import { incidentStep } from '../../../lab/incidents/step.ts';
import { AnswerError } from '../../../lab/running/exercises.ts';
import { sealed } from '../../../lab/settings/sealed.ts';
import { repository } from '../../host/repository.ts';
import { exitCode, questionFrom, saidText } from '../answer.ts';
import { seedFrom } from '../incident.ts';
import { type Situation, stepScript } from '../script.ts';
import { terminalFrom } from '../terminal.ts';

const quiet: Situation = {
  hasFleet: false,
  wantsFleet: false,
  sets: () => ({ INSTANCES: '4' }),
  lacks: {},
  freeMegabytes: undefined,
  scrapeSeconds: 5,
  place: ['BIND=127.0.0.1'],
};
const state = { ...incidentStep, sealed: 'abcd' };
const applied = [
  'begin incident',
  'seal abcd',
  'place BIND=127.0.0.1',
  'apply compose.incident.yaml',
  'fleet yes',
  'arrange incident',
  'end incident',
];

test('what breaks is handed over before anything is applied', () => {
  assert.deepEqual(stepScript(state, quiet), ['obtain compose.incident.yaml', ...applied, 'describe incident']);
});
test('one incident after another needs no wait: its fleet is the same', () => {
  const after = { ...quiet, hasFleet: true, applied: { step: 'incident', succeeded: true } };
  assert.deepEqual(stepScript(state, after), ['obtain compose.incident.yaml', ...applied, 'describe incident']);
});
test('what an incident has arranged ends with the next step, and is asked of no other', () => {
  const base = { command: 'up', overrides: [] };
  const after = { ...quiet, isArranged: true, applied: { step: 'incident', succeeded: true } };
  assert.deepEqual(stepScript(base, after).slice(-4), ['fleet no', 'arrange no', 'end up', 'describe up']);
  assert.ok(!stepScript(base, quiet).some((line) => line.startsWith('arrange')));
});
test('so does what an experiment silences', () => {
  const silences = [{ matchers: [], comment: 'planned work' }];
  const lines = stepScript({ command: 'exp-27', overrides: [], silences }, quiet);
  assert.deepEqual(lines.slice(-3), ['arrange exp-27', 'end exp-27', 'describe exp-27']);
});
test('what the shell gathers reaches whoever decides in a container as well', () => {
  const namesIn = (file: string, line: RegExp) =>
    line
      .exec(readFileSync(join(repository, file), 'utf8'))![1]!
      .split(' ')
      .sort();
  const gathered = namesIn('scripts/cli/steps.sh', /^ {2}export (LAB_APPLIED LAB_KEPT .*)$/m);
  const handedOn = namesIn('scripts/compose/runtime.sh', /^ {2}gathered='(.*)'$/m);
  assert.deepEqual(
    gathered.filter((name) => !handedOn.includes(name)),
    [],
  );
});
test('another fleet has to go first', () => {
  const script = stepScript(state, { ...quiet, hasFleet: true, applied: { step: 'exp-9', succeeded: true } });
  assert.deepEqual(script.slice(2, 5), ['seal abcd', 'exporter', 'departed']);
});

test('a seed and a level are read, by default any seed of level 1', () => {
  assert.deepEqual(seedFrom({ seed: '7', level: '3' }), { seed: 7, level: 3, problems: [] });
  assert.deepEqual(
    seedFrom({}, () => 0.5),
    { seed: 5_000, level: 1, problems: [] },
  );
  assert.deepEqual(seedFrom({ seed: 'x', level: '4' }).problems, [
    'SEED must be a whole number from 0 to 2147483647, got "x"',
    'LEVEL must be 1, 2 or 3, got "4"',
  ]);
});
test('the sealed text holds the settings of the seed, and is another one each time', () => {
  const seed = { seed: 7, level: 3, scrapeSeconds: 5 } as const;
  const [one, other] = [sealedIncident(seed, 1), sealedIncident(seed, 2)];
  assert.notEqual(one, other);
  const { SEED, LEVEL, SCRAPES, MADE_AT: _, ...settings } = sealed.parse(one)!;
  assert.deepEqual([SEED, LEVEL, SCRAPES], ['7', '3', '5']);
  assert.deepEqual(settings, environmentOf(incidentOf(seed)));
});

test('what is typed for an answer becomes a question, and what is wrong is named', () => {
  assert.deepEqual(questionFrom(undefined, undefined, { cause: 'death', lost: '0', since: '' }), {
    answer: { CAUSE: 'death', LOST: '0' },
  });
  assert.deepEqual(questionFrom('2', undefined, {}), { hint: 2 });
  assert.deepEqual(questionFrom(undefined, '1', {}), { give: true });
  for (const [hint, give, typed, words] of [
    ['4', undefined, {}, /HINT must be 1, 2 or 3, got "4"/],
    [undefined, 'yes', {}, /ANSWER must be 1, got "yes"/],
    [undefined, undefined, {}, /an answer has at least one of INSTANCE, CAUSE/],
    [undefined, undefined, { cause: 'moon' }, /CAUSE must be errors, .* got "moon"/],
  ] as const) {
    assert.throws(
      () => questionFrom(hint, give, typed),
      (error) => error instanceof AnswerError && words.test(error.message),
    );
  }
});

const { colours } = terminalFrom({}, false);
const judged: Said = {
  kind: 'judged',
  parts: [
    { part: 'CAUSE', isRight: true, says: 'a share of its requests failed' },
    { part: 'LOST', isRight: false, says: 'requests are whole' },
    { part: 'UNTIL', says: 'not yet' },
  ],
  right: [['CAUSE'], ['INSTANCE', 'CAUSE', 'SINCE', 'UNTIL', 'LOST']],
  isKept: true,
};

test('each part is printed with its mark, and what is still to be found', () => {
  assert.equal(
    saidText(judged, colours),
    [
      '✓ CAUSE    a share of its requests failed',
      '✗ LOST     requests are whole',
      '· UNTIL    not yet',
      '  Still to find of fault 1: INSTANCE, SINCE, UNTIL, LOST',
      '  All of fault 2 is right.',
    ].join('\n'),
  );
});
test('the exit code says whether every part that was typed is right, one is wrong, or nothing can be said', () => {
  const only = (...parts: typeof judged.parts) => exitCode({ ...judged, parts });
  const [right, wrong, open] = judged.parts as [never, never, never];
  assert.deepEqual([only(right), only(right, wrong), only(wrong, open), only(right, open)], [0, 1, 1, 2]);
  assert.equal(exitCode({ kind: 'elsewhere', reason: '', type: '' }), 2);
  assert.equal(exitCode({ kind: 'hint', hint: '' }), 0);
});
