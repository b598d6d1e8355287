import assert from 'node:assert/strict';
import { test } from 'node:test';
import { experiments } from '../../experiments/catalogue.ts';
import { aFact, claimThat, labOf } from '../../test/lessons/verdicts.ts';
import type { Experiment } from '../model/lesson.ts';
import type { Reader } from '../model/reader.ts';
import type { Verdict } from '../model/verdict.ts';

import { exitCode, type Outcome, runCheck, type Waiting } from './check.ts';

const lab = labOf();
const measured = (...held: boolean[]): Verdict => ({ kind: 'measured', findings: held.map(claimThat) });

const run = async (verdicts: Verdict[]) => {
  let now = 0;
  const waited: Waiting[] = [];
  const experiment: Experiment = { ...experiments[1]!, check: async () => verdicts.shift() ?? measured(true) };
  const outcome = await runCheck(experiment, {
    observe: async () => lab,
    read: {} as Reader,
    suppression: async () => undefined,
    clock: () => now,
    wait: async (waiting) => {
      now += 1;
      waited.push(waiting);
    },
  });
  return { outcome, waited };
};

test('a check that has seen enough ends at once', async () => {
  const { outcome, waited } = await run([measured(true)]);
  assert.equal(exitCode(outcome), 0);
  assert.deepEqual(waited, []);
});

test('a check that has not seen enough counts down and then goes on', async () => {
  const { outcome, waited } = await run([{ kind: 'wait', seconds: 3, reason: 'a sample' }, measured(true)]);
  assert.equal(exitCode(outcome), 0);
  assert.deepEqual(
    waited.map(({ secondsLeft }) => secondsLeft),
    [3, 2],
  );
});

test('a long wait asks again after 2 s, and goes on counting', async () => {
  const long: Verdict = { kind: 'wait', seconds: 840, reason: 'a step in traffic' };
  const { outcome, waited } = await run([long, { ...long, seconds: 838 }, measured(true)]);
  assert.equal(exitCode(outcome), 0);
  assert.equal(waited.length, 4);
  assert.deepEqual(
    [waited[0], waited[1], waited[2]],
    [
      { reason: 'a step in traffic', secondsLeft: 840 },
      { reason: 'a step in traffic', secondsLeft: 839 },
      { reason: 'a step in traffic', secondsLeft: 838 },
    ],
  );
});

test('a reason whose figures change is the same reason: no wait is without end', async () => {
  const verdicts = Array.from(
    { length: 999 },
    (_, index): Verdict => ({ kind: 'wait', seconds: 27, reason: `${index} of 999 samples` }),
  );
  const { outcome } = await run(verdicts);
  assert.equal(exitCode(outcome), 1);
  assert.ok(outcome.waitedSeconds < 27 + 60 + 5 * lab.scrapeSeconds + 10, `${outcome.waitedSeconds} s`);
});

test('a new reason has a patience of its own', async () => {
  const short = Array.from({ length: 4 }, (): Verdict => ({ kind: 'wait', seconds: 1, reason: 'the first scrape' }));
  const long = Array.from({ length: 9 }, (): Verdict => ({ kind: 'wait', seconds: 240, reason: 'enough scrapes' }));
  const { outcome } = await run([...short, ...long, measured(true)]);
  assert.equal(exitCode(outcome), 0);
});

test('a check that waits in vain gives up, and fails', async () => {
  const { outcome } = await run(Array.from({ length: 500 }, () => ({ kind: 'wait', seconds: 1, reason: 'a miracle' })));
  assert.equal(exitCode(outcome), 1);
  assert.match(outcome.kind === 'measured' ? JSON.stringify(outcome.findings[0]) : '', /waited 8[67] s for a miracle/);
});

const codes: [name: string, outcome: Outcome, code: number][] = [
  ['every claim holds', { kind: 'measured', lab, findings: [claimThat(true)], waitedSeconds: 0 }, 0],
  [
    'one claim does not hold',
    { kind: 'measured', lab, findings: [claimThat(true), claimThat(false)], waitedSeconds: 0 },
    1,
  ],
  ['facts are printed beside', { kind: 'measured', lab, findings: [claimThat(true), aFact], waitedSeconds: 0 }, 0],
  ['only facts are printed', { kind: 'measured', lab, findings: [aFact], waitedSeconds: 0 }, 1],
  ['nothing was claimed', { kind: 'measured', lab, findings: [], waitedSeconds: 0 }, 1],
  ['the lab is elsewhere', { kind: 'elsewhere', lab, reason: 'x', type: 'make exp-1', waitedSeconds: 0 }, 2],
];
for (const [name, outcome, code] of codes) {
  test(`exit code ${code} where ${name}`, () => assert.equal(exitCode(outcome), code));
}
