import assert from 'node:assert/strict';
import { test } from 'node:test';
import { experiments } from '../../experiments/catalogue.ts';
import type { Reader } from '../../lab/model/reader.ts';
import { type Plan, simulate } from '../../lab/simulator/simulated.ts';
import { type Seen, settle } from './settle.ts';
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
  8: { prometheusStartedAt: changed, earlier: { from: start, scrapeSeconds: 5 }, refusedFrom: changed },
};

const named = 'server returned HTTP status 404 Not Found';
/** Experiment 8 is told what Prometheus says of its target, and may tell the learner. */
const withReason = (seen: Seen): Seen => ({
  ...seen,
  lab: {
    ...seen.lab,
    target: seen.lab.target && { ...seen.lab.target, lastError: named },
    jobConfig: 'metrics_path: /metric\n',
    mayTell: true,
  },
});

for (const { number, title, check } of experiments.filter((each) => each.number in changes)) {
  test(`${title}: a second exporter under the same job changes nothing`, async () => {
    const plan = { ...base, ...changes[number], hasSecond: true };
    holds((await settle(check, plan, changed + 2, withReason)).verdict);
  });

  test(`${title}: what is stored while the check reads does no harm`, async () => {
    const lab = simulate({ ...base, ...changes[number], durationOf: () => 0.6 });
    for (let now = changed + 100; now < changed + 105; now += 0.13) {
      let reads = 0;
      // Each answer is of a tenth of a second later than the one before.
      const later = () => lab.readAt(now + 0.1 * reads++);
      const read = Object.fromEntries(
        Object.keys(lab.readAt(now)).map((name) => [
          name,
          (...question: never[]) => (later()[name as keyof Reader] as (...all: never[]) => unknown)(...question),
        ]),
      ) as Reader;
      holds(await check(read, withReason({ read, lab: lab.labAt(now) }).lab));
    }
  });
}

test('the second exporter is there', async () => {
  const lab = simulate({ ...base, hasSecond: true });
  assert.equal((await lab.readAt(changed).query('cpu_usage_simulated', changed)).length, 2);
});
