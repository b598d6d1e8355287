import assert from 'node:assert/strict';
import { test } from 'node:test';
import { experiments, plainSteps } from '../../../experiments/catalogue.ts';
import type { Experiment } from '../../../lab/model/lesson.ts';
import { checkScript, compareScript, RefusedError, type Situation, stepScript } from '../script.ts';

const [base] = plainSteps;
const files: Record<string, Record<string, string>> = { 'fleet.yaml': { INSTANCES: '3' } };
const quiet: Situation = {
  hasFleet: false,
  wantsFleet: false,
  sets: (file) => files[file] ?? {},
  lacks: {},
  freeMegabytes: undefined,
  scrapeSeconds: 5,
  place: ['BIND=127.0.0.1'],
};
const place = 'place BIND=127.0.0.1';
const {
  precondition: _,
  hasAftermath: __,
  manualSteps: ___,
  requires: ____,
  memoryMegabytes: _____,
  ...plain
} = experiments[0]!;

/** An experiment that needs nothing. */
const experiment = (number: number, more: Partial<Experiment> = {}): Experiment => ({
  ...plain,
  number,
  command: `exp-${number}`,
  overrides: [`${number}.yaml`],
  happensOnce: false,
  ...more,
});
const applying = (command: string, ...overrides: string[]) => [
  `begin ${command}`,
  ['apply', ...overrides].join(' '),
  `fleet ${overrides.includes('fleet.yaml') ? 'yes' : 'no'}`,
  `end ${command}`,
];
const first = ([begin, ...rest]: string[]) => [begin!, place, ...rest];

test('the base is applied and described', () =>
  assert.deepEqual(stepScript(base!, quiet), [...first(applying('up')), 'describe up']));

test('what a step brings is there before anything is touched', () =>
  assert.deepEqual(stepScript(experiment(7, { overrides: ['a.yaml', 'b.yaml'] }), quiet), [
    'obtain a.yaml b.yaml',
    ...first(applying('exp-7', 'a.yaml', 'b.yaml')),
    'describe exp-7',
  ]));

const waits = [
  place,
  'apply',
  'fleet no',
  'wait quiet exp-7 was not applied; the base lab is running',
  ...applying('exp-7', '7.yaml'),
];
test('what has to hold first is waited for in the base lab', () =>
  assert.deepEqual(stepScript(experiment(7, { precondition: 'quiet' }), quiet).slice(1, -1), waits));

test('a step that is on is applied again as it is, but for what happens once', () => {
  const on = { ...quiet, applied: { step: 'exp-7', succeeded: true } };
  assert.deepEqual(
    stepScript(experiment(7, { precondition: 'quiet' }), on).slice(1, -1),
    first(applying('exp-7', '7.yaml')),
  );
  assert.deepEqual(stepScript(experiment(7, { happensOnce: true }), on).slice(1, 3), [place, 'apply']);
  const failed = { ...quiet, applied: { step: 'exp-7', succeeded: false } };
  assert.deepEqual(stepScript(experiment(7, { precondition: 'quiet' }), failed).slice(1, -1), waits);
});

test('a fleet leaves before anything else changes, and where it was', () => {
  const shown = { ...quiet, hasFleet: true };
  assert.deepEqual(stepScript(base!, shown).slice(0, 5), ['begin up', 'exporter', 'departed', place, 'apply']);
  const next = stepScript(experiment(7, { overrides: ['fleet.yaml'], precondition: 'scraped' }), shown);
  assert.equal(next.filter((line) => line === 'departed').length, 1, 'the base between has none');
  assert.equal(next.at(-3), 'fleet yes');
  assert.ok(stepScript(base!, { ...quiet, wantsFleet: true }).includes('fleet yes'), 'by a setting');
});

const lacking: [what: string, more: Partial<Experiment>, situation: Partial<Situation>, reason: string | undefined][] =
  [
    [
      'what it requires',
      { requires: 'thanos' },
      { lacks: { thanos: 'it is not in PATH' } },
      'it needs thanos, and it is not in PATH',
    ],
    ['memory', { memoryMegabytes: 400 }, { freeMegabytes: 399 }, 'it takes 400 MB of memory, and 399 MB are free'],
    ['nothing', { memoryMegabytes: 400, requires: 'thanos' }, { freeMegabytes: 400 }, undefined],
    ['memory, unknown', { memoryMegabytes: 400 }, {}, undefined],
    [
      'memory that it has',
      { memoryMegabytes: 400 },
      { freeMegabytes: 1, applied: { step: 'exp-7', succeeded: true } },
      undefined,
    ],
  ];
for (const [what, more, situation, reason] of lacking) {
  test(`where ${what} is missing, a step ${reason ? 'is refused' : 'is applied'}, and make check ${reason ? 'names it' : 'measures it'}`, () => {
    const step = experiment(7, more);
    const here = { ...quiet, ...situation };
    const script = checkScript(base!, [step], here);
    if (reason === undefined) {
      assert.equal(stepScript(step, here).at(-1), 'describe exp-7');
      assert.ok(script.includes('measure 7'));
      return;
    }
    assert.throws(() => stepScript(step, here), new RefusedError(`exp-7 does not run here: ${reason}`));
    assert.deepEqual(script, [
      `say — 1 of 1, exp-7: not run here: ${reason}`,
      `skip 7 not run here: ${reason}`,
      'summary',
    ]);
  });
}

test('make check brings the lab into each state once, measures there and undoes it', () => {
  const state = { name: 'fleet', overrides: ['fleet.yaml'] };
  const lessons = [
    experiment(1, { overrides: [] }),
    experiment(2, { measuredIn: state, precondition: 'quiet' }),
    experiment(3, { overrides: [] }),
    experiment(4, { measuredIn: state, happensOnce: true }),
  ];
  assert.deepEqual(checkScript(base!, lessons, quiet), [
    'say — 1 of 3, exp-1: applying the base',
    ...first(applying('exp-1')),
    'measure 1',
    'say — 2 of 3, exp-2 exp-4: applying fleet.yaml; each on instances of its own, where make exp-N runs one alone',
    'obtain fleet.yaml',
    'apply',
    'fleet no',
    'wait quiet fleet was not applied; the base lab is running',
    ...applying('fleet', 'fleet.yaml'),
    'measure 2',
    'measure 4',
    'say — 2 of 3, exp-2 exp-4: undoing',
    'begin up',
    'exporter',
    'departed',
    'apply',
    'fleet no',
    'end up',
    'measure 3',
    'summary',
  ]);
});

test('what is done by hand follows a measurement that held, phase by phase, and the undo may be measured, too', () => {
  const manualSteps = [
    [{ do: 'kill', service: 'shard-a', says: 'gone.' }],
    [
      { do: 'freeze', service: 'shard-b', says: 'silent.' },
      { do: 'thaw', service: 'shard-b', says: 'back.', afterSeconds: 45 },
    ],
  ] as const;
  const measured = (scrapeSeconds: number) =>
    checkScript(base!, [experiment(1, { manualSteps, hasAftermath: true })], { ...quiet, scrapeSeconds }).filter(
      (line) => line.startsWith('measure') || line.startsWith('held'),
    );
  assert.deepEqual(measured(5), [
    'measure 1',
    'held manual 0 kill shard-a',
    'held again 1 , after kill shard-a',
    'held manual 0 freeze shard-b',
    'held manual 45 thaw shard-b',
    'held again 1 , after freeze shard-b, thaw shard-b',
    'held again 1 , after the undo',
  ]);
  // Rare scrapes have to see each step.
  assert.ok(measured(30).includes('held manual 65 thaw shard-b'));
});

test('every experiment of the catalogue has a script, and make check measures each once', () => {
  for (const each of experiments) assert.equal(stepScript(each, quiet).at(-1), `describe ${each.command}`);
  const measured = checkScript(base!, experiments, quiet).filter((line) => line.startsWith('measure '));
  assert.deepEqual(measured.sort(), experiments.map(({ number }) => `measure ${number}`).sort());
});

test('make compare leaves the lab as it was found', () => {
  assert.deepEqual(compareScript(undefined, quiet).slice(-3), [
    'compare',
    'say lab: back to what was there before: nothing that runs',
    'down',
  ]);
  const on = { ...quiet, applied: { step: 'exp-7', succeeded: true } };
  const script = compareScript(experiment(7), on);
  assert.deepEqual(script.slice(script.indexOf('compare')), [
    'compare',
    'say lab: back to what was there before: exp-7',
    'obtain 7.yaml',
    ...applying('exp-7', '7.yaml'),
  ]);
  const lacks = { ...quiet, lacks: { victoriametrics: 'it is not in PATH' } };
  assert.throws(
    () => compareScript(undefined, lacks),
    /it needs VictoriaMetrics, and it is not in PATH; or query a backend of yours/,
  );
  const search = experiment(8, { overrides: ['experiments/08-debugging/faults/path.yaml'] });
  assert.throws(
    () => compareScript(search, on),
    new RefusedError('make compare would change the fault that exp-8 has chosen: make up first'),
  );
});
