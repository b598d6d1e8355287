import assert from 'node:assert/strict';
import { test } from 'node:test';
import { holds, labOf, sendsTo, waits } from '../../test/lessons/verdicts.ts';
import type { Lab } from '../model/lab.ts';
import type { Reader } from '../model/reader.ts';
import type { Judgement } from '../model/verdict.ts';
import type { Series } from '../promql/sample.ts';
import { type Happening, whenItHappened } from './happening.ts';

const start = 1_800_000_000;
const right = { claim: 'it rang once', holds: true, evidence: 'bell', expected: '1', measured: '1', look: 'bell' };
const bell: Happening<{ at: number }, { rung: number }> = {
  what: () => ({ at: start + 60 }),
  none: 'no bell rings',
  began: ({ at }) => ({ at, was: 'the bell had rung at 08:01:00' }),
  waits: ({ at }) => ({ until: at + 5, reason: 'the bell to ring' }),
  leftovers: () => ({ what: 'bells', selector: 'bell', at: start + 60 }),
  measure: async () => ({ rung: 1 }),
  verdict: () => ({ kind: 'measured', findings: [right] }),
};
const lab = labOf({
  now: start + 70,
  prometheusStartedAt: start,
  exporter: { signal: 'random', seed: 1, startedAt: start, cores: 2 },
});
const judged = (change: Partial<typeof bell> = {}, parts: Partial<Lab> = {}, series: Series[] = []) =>
  whenItHappened({ ...bell, ...change }).check({ samples: async () => series } as unknown as Reader, {
    ...lab,
    ...parts,
  });
const never = async (): Promise<never> => assert.fail('nothing is to be read');

test('what has happened is measured and judged', async () => holds(await judged()));
test('where nobody simulates it the lab is sent to the step', async () => {
  const verdict = await judged({ what: () => undefined, measure: never });
  sendsTo(verdict);
  assert.equal(verdict.kind === 'elsewhere' && verdict.reason, 'no bell rings');
});
test('what began before this Prometheus cannot be measured', async () => {
  const verdict = await judged({ measure: never }, { prometheusStartedAt: start + 60 });
  sendsTo(verdict);
  assert.match(JSON.stringify(verdict), /the bell had rung at 08:01:00, before this Prometheus began/);
  holds(await judged({}, { prometheusStartedAt: start + 59 }));
});
test('it is waited for to the second, and nothing is read before', async () => {
  waits(await judged({ measure: never }, { now: start + 40.2 }), 25, /^the bell to ring$/);
  waits(await judged({ measure: never }, { now: start + 64.9 }), 1, /^the bell to ring$/);
  const later = { waits: () => ({ until: start + 65, due: start + 80, reason: 'an echo' }) };
  waits(await judged({ ...later, measure: never }, { now: start + 64 }), 16, /^an echo$/);
  holds(await judged({}, { now: start + 65 }));
});
test('what an earlier Prometheus left and this one still shows is named, and for how long', async () => {
  const left: Series[] = [{ labels: {}, samples: [[start - 10, 1]] }];
  const verdict = await judged({ measure: never }, {}, left);
  sendsTo(verdict);
  const said = (judgement: Judgement) => (judgement.kind === 'elsewhere' ? judgement.reason : judgement.kind);
  assert.equal(
    said(verdict),
    'Prometheus was started again, and until 08:05:00, 230 s from now, it shows bells of before as if they were there: apply the step again after that',
  );
  const later = await judged({ measure: never }, { now: start + 301 }, left);
  assert.match(said(later), /until 08:05:00 it showed bells of before as if they were there: apply the step again$/);
  holds(await judged({}, {}, [{ labels: {}, samples: [[start + 10, 1]] }]));
});
test('what is missing is a judgement, and not half of a measurement', async () => {
  const missing: Judgement = { kind: 'wait', seconds: 3, reason: 'an echo' };
  assert.deepEqual(await judged({ measure: async () => missing, verdict: () => assert.fail() }), missing);
});
