import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Expectation } from '../../lab/model/exercise.ts';
import type { Lab, Truth } from '../../lab/model/lab.ts';
import { type Claim, type Finding, isClaim, type Judgement } from '../../lab/model/verdict.ts';
import type { Sample } from '../../lab/promql/sample.ts';

/** Helpers for the verdicts' tests: literal samples in, findings out. */

/** Samples every `step` seconds from `from`, one for each value. */
export const every = (step: number, from: number, values: readonly number[]): Sample[] =>
  values.map((value, index) => [from + index * step, value]);

const findingsOf = (verdict: Judgement): Finding[] => {
  assert.equal(verdict.kind, 'measured', JSON.stringify(verdict));
  return verdict.kind === 'measured' ? verdict.findings : [];
};

/** The findings' words, claims and facts, in their order. */
export const said = (verdict: Judgement): string[] =>
  findingsOf(verdict).map((finding) => (isClaim(finding) ? finding.claim : finding.fact));

/** Something is claimed, and every claim holds. */
export const holds = (verdict: Judgement): void => {
  const claims = findingsOf(verdict).filter(isClaim);
  assert.ok(claims.length > 0, 'nothing was claimed');
  for (const { claim, holds, expected, measured } of claims) {
    assert.ok(holds, `does not hold: ${claim}; expected ${expected}, measured ${measured}`);
  }
};

/** Exactly one claim fails, its words match, and it says what was expected, measured and where to look. */
export const failsOnly = (verdict: Judgement, words: RegExp): void => {
  const failed = findingsOf(verdict).filter((finding) => isClaim(finding) && !finding.holds) as Claim[];
  const matches = failed.map(({ claim }) => words.test(claim));
  assert.deepEqual(matches, [true], failed.map(({ claim }) => claim).join('\n') || 'no claim failed');
  for (const key of ['expected', 'measured', 'look'] as const) assert.ok(failed[0]?.[key], `no ${key}`);
};

/** A test each: what is judged of something wrong fails in that claim alone. */
export const eachFails = (rows: Readonly<Record<string, readonly [words: RegExp, ...wrong: Judgement[]]>>): void => {
  for (const [name, [words, ...wrong]] of Object.entries(rows)) {
    test(name, () => {
      for (const verdict of wrong) failsOnly(verdict, words);
    });
  }
};

/** It waits so many seconds for that reason. */
export const waits = (verdict: Judgement, seconds: number, reason: RegExp): void => {
  assert.equal(verdict.kind, 'wait', JSON.stringify(verdict));
  if (verdict.kind !== 'wait') return;
  assert.match(verdict.reason, reason);
  assert.ok(Math.abs(verdict.seconds - seconds) < 0.01, `${seconds} s are meant, it waits ${verdict.seconds} s`);
};

/** What an exercise that is not judged says, in a line: how long it waits for what, or what to type and why. */
export const expectationOf = (expectation: Expectation): string => {
  if (expectation.kind === 'wait') return `wait ${expectation.seconds}: ${expectation.reason}`;
  return expectation.kind === 'elsewhere' ? `${expectation.type}: ${expectation.reason}` : expectation.kind;
};

/** @param command  undefined where it is the experiment's own */
export const sendsTo = (verdict: Judgement, command?: string): void => {
  assert.equal(verdict.kind, 'elsewhere', JSON.stringify(verdict));
  if (verdict.kind === 'elsewhere') assert.equal(verdict.type, command);
};

export const truthOf = (parts: Partial<Truth>): Truth => ({
  signal: 'random',
  seed: 1,
  startedAt: 0,
  cores: {},
  instants: [],
  cpuPercent: [],
  requestsPerSecond: [],
  totals: { requests: 0, spikes: 0, busySeconds: 0 },
  ...parts,
});

/** A base lab at second 0, with these differences. */
export const labOf = (parts: Partial<Lab> = {}): Lab => ({
  now: 0,
  scrapeSeconds: 5,
  evaluationSeconds: 5,
  prometheusStartedAt: 0,
  exporter: { signal: 'random', seed: 1, startedAt: 0, cores: 2 },
  target: undefined,
  ...parts,
});

export const claimThat = (holds: boolean): Claim => ({
  claim: 'two and two are four',
  holds,
  evidence: '2 + 2',
  expected: '4',
  measured: '5',
  look: 'the arithmetic',
});
export const aFact: Finding = { fact: 'the moon is far', evidence: 'the sky' };
