import assert from 'node:assert/strict';
import { test } from 'node:test';
import { experiments } from '../catalogue.ts';
import { settle } from './settle.ts';
import { type Plan, simulate } from './simulated.ts';
import { holds } from './verdicts.ts';

const start = 1_800_000_000;
const changed = start + 300;

const base: Plan = {
  scrapeSeconds: 5,
  phaseSeconds: 1.85,
  lives: [{ from: start - 10, signal: 'random' }],
  prometheusStartedAt: start,
  historyFrom: start - 3_600,
  until: start + 1_200,
};

/** What the lab goes through before each check, by the number of the experiment. */
const changes: Record<number, Partial<Plan>> = {
  1: { lives: [{ from: start - 10, to: changed, signal: 'random' }] },
  2: {},
  3: {},
  4: {},
  5: { lives: [{ from: start - 10, signal: 'spikes' }] },
  6: {
    lives: [
      { from: start - 10, to: changed, signal: 'random' },
      { from: changed + 1, signal: 'high' },
    ],
  },
  7: {},
  8: { refusedFrom: changed },
};

for (const { number, title, check } of experiments.filter((each) => each.number in changes)) {
  test(`${title}: a second exporter under the same job changes nothing`, async () => {
    const named = 'server returned HTTP status 404 Not Found';
    const { verdict } = await settle(check, { ...base, ...changes[number], hasSecond: true }, changed + 2, (seen) => ({
      ...seen,
      lab: { ...seen.lab, target: seen.lab.target && { ...seen.lab.target, lastError: named } },
    }));
    holds(verdict);
  });
}

test('the second exporter is there', async () => {
  const lab = simulate({ ...base, hasSecond: true });
  assert.equal((await lab.readAt(changed).query('cpu_usage_simulated', changed)).length, 2);
});
