import assert from 'node:assert/strict';
import { test } from 'node:test';
import { experiments, plainSteps } from '../../../experiments/catalogue.ts';
import { comparingLine, plan } from '../plan.ts';

test('a line tells the shell what a step needs', () => {
  const [base, spikes] = plainSteps;
  const experiment = { ...experiments[0]!, command: 'exp-7', overrides: ['a.yaml', 'b.yaml'] };
  assert.equal(
    plan([
      base!,
      spikes!,
      { ...experiment, precondition: 'quiet', hasAftermath: true },
      { ...experiment, precondition: undefined, happensOnce: true, hasAftermath: false, overrides: [] },
    ]),
    'up - - - - - -\nspikes - - - - - - compose.spikes.yaml\nexp-7 - quiet - aftermath - - a.yaml b.yaml\nexp-7 - - once - - -',
  );
});

test('the state of make compare begins again when it is applied again', () => {
  assert.equal(comparingLine(), 'compare - - once - - - experiments/shared/fleet.yaml victoriametrics/compare.yaml');
});

test('a search is applied with one of its faults', () => {
  const search = experiments.find(({ faults }) => faults.length > 0)!;
  const lines = search.faults.map((fault) => plan([search], () => fault));
  assert.deepEqual(
    lines,
    search.faults.map(({ name }) => `${search.command} - - - - - - experiments/${search.folder}/faults/${name}.yaml`),
  );
  assert.equal(new Set(lines).size, search.faults.length);
});

test('experiments that share a state name it, and its line has what any of them needs', () => {
  const state = { name: 'fleet', overrides: ['fleet.yaml'] };
  const shared = { ...experiments[0]!, precondition: undefined, hasAftermath: false, measuredIn: state };
  assert.equal(
    plan([
      { ...shared, command: 'exp-7', overrides: ['a.yaml'], precondition: 'quiet' },
      { ...shared, command: 'exp-9', overrides: ['b.yaml'], happensOnce: true },
    ]),
    'exp-7 fleet quiet - - - - a.yaml\nexp-9 fleet - once - - - b.yaml\nfleet - quiet once - - - fleet.yaml',
  );
});

test('what an experiment requires, takes and has done by hand', () => {
  const { precondition, hasAftermath, ...experiment } = experiments[0]!;
  const acts = [
    [{ do: 'kill', service: 'shard-a', says: 'gone.' }],
    [
      { do: 'freeze', service: 'shard-b', says: 'silent.' },
      { do: 'thaw', service: 'shard-b', says: 'back.', afterSeconds: 45 },
    ],
  ] as const;
  assert.equal(
    plan([{ ...experiment, command: 'exp-17', overrides: ['a.yaml'], requires: 'thanos', memoryMegabytes: 400, acts }]),
    'exp-17 - - - - thanos 400 a.yaml\nact exp-17 1 kill shard-a 0\nact exp-17 2 freeze shard-b 0\nact exp-17 2 thaw shard-b 45',
  );
  // Rare scrapes have to tell of each act.
  assert.match(plan([{ ...experiment, acts }], undefined, 30), /2 freeze shard-b 0\n.* 2 thaw shard-b 65$/);
});
