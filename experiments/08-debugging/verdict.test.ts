import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answering, intervals, judgedAt, type Seen, settle } from '../test/settle.ts';
import type { Plan } from '../test/simulated.ts';
import { failsOnly, holds, said, sendsTo, waits } from '../test/verdicts.ts';
import { check } from './verdict.ts';

const start = 1_800_000_000;
const brokenAt = start + 200;

/** A Prometheus that begins at `brokenAt` and asks for a page that is not there; the exporter goes on. */
const broken = (scrapeSeconds: number, changes: Partial<Plan> = {}): Plan => ({
  scrapeSeconds,
  phaseSeconds: 0.37 * scrapeSeconds,
  lives: [{ from: start - 100, signal: 'random' }],
  earlier: { from: start, scrapeSeconds },
  prometheusStartedAt: brokenAt,
  refusedFrom: brokenAt,
  until: start + 900,
  ...changes,
});
const fault = 'server returned HTTP status 404 Not Found';
const asked = (seen: Seen): Seen => {
  const { target } = seen.lab;
  const named = target && { ...target, lastError: target.lastError && fault, scrapeUrl: 'http://exporter:8000/metric' };
  return { ...seen, lab: { ...seen.lab, target: named } };
};

for (const interval of intervals) {
  test(`at ${interval} s it holds right after the change, with slow and missed scrapes too`, async () => {
    for (const phase of [0.01, 0.37, 0.99]) {
      const plan = broken(interval, { phaseSeconds: phase * interval });
      const { verdict, at } = await settle(check, plan, brokenAt + 1, asked);
      holds(verdict);
      assert.ok(at - brokenAt <= interval + 8, `${at - brokenAt} s`);
      const noise = { durationOf: (n: number) => (n % 2 === 0 ? 0.8 : 0.01), isMissed: (n: number) => n % 4 === 1 };
      holds((await settle(check, { ...plan, ...noise }, start + 500, asked)).verdict);
    }
  });
}

test('the fault is named from what Prometheus says; what cannot fail is told without a mark', async () => {
  const { verdict } = await settle(check, broken(5), start + 300, asked);
  const words = said(verdict);
  assert.match(words[1]!, /its newest sample is 105 s old; scrapes have failed since 08:03:21$/);
  assert.equal(words[2], `3. Is the target up? \`up\` is 0: ${fault}`);
  assert.match(words[4]!, /has no page \/metric: the scrape asks for the wrong path$/);
  const marks = verdict.kind === 'measured' && verdict.findings.map((finding) => 'claim' in finding);
  assert.deepEqual(marks, [true, true, false, true, true, false]);
});

const seen = async (change: (seen: Seen) => Seen) =>
  (await settle(check, broken(5), start + 300, (all) => change(asked(all)))).verdict;
test('a name that exists after all fails', async () => {
  const verdict = await seen((all) =>
    answering(all, { metricNames: async () => ['cpu_usage_simulated', 'fake_metric'] }),
  );
  failsOnly(verdict, /^1\. Is the name right/);
});
test('a sample newer than the fault fails', async () => {
  const verdict = await seen((all) =>
    answering(all, {
      samples: async (selector, window, at) =>
        (await all.read.samples(selector, window, at)).map(({ labels, samples }) => ({
          labels,
          samples: selector.startsWith('cpu') ? [...samples, [at, 50] as const] : samples,
        })),
    }),
  );
  failsOnly(verdict, /^2\. Has it a fresh sample/);
});
test('an exporter that does not serve the metric fails', async () => {
  failsOnly(await seen((all) => answering(all, { exporterMetrics: async () => ['up'] })), /^4\. Does the exporter/);
});
test('a reason that the list does not know fails', async () => {
  const verdict = await seen((all) => ({
    ...all,
    lab: { ...all.lab, target: { ...all.lab.target!, lastError: 'the moon is full' } },
  }));
  failsOnly(verdict, /^5\. So the fault is in the scrape/);
});

test('a healthy lab, and one without its exporter, are sent to exp-8', async () => {
  sendsTo(await judgedAt(check, broken(5, { prometheusStartedAt: start }), start + 100));
  sendsTo(
    await judgedAt(check, broken(5, { lives: [{ from: start - 100, to: start + 50, signal: 'random' }] }), start + 100),
  );
});
test('the first scrape that fails is waited for', async () => {
  waits(await judgedAt(check, broken(60, { phaseSeconds: 50 }), brokenAt + 10), 66, /^the first scrape that fails$/);
});
