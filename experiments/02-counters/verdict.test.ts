import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answering, intervals, judgedAt, type Plan, type Seen, settle } from '../../test/lessons/settle.ts';
import { failsOnly, holds, said, sendsTo, waits } from '../../test/lessons/verdicts.ts';
import { check } from './verdict.ts';

const start = 1_800_000_000;

/** A lab with an hour of history whose exporter began two seconds before its Prometheus. */
const base = (scrapeSeconds: number, changes: Partial<Plan> = {}): Plan => ({
  scrapeSeconds,
  phaseSeconds: 0.37 * scrapeSeconds,
  lives: [{ from: start - 2.4, signal: 'random' }],
  prometheusStartedAt: start,
  historyFrom: start - 3_600,
  until: start + 900,
  ...changes,
});

for (const interval of intervals) {
  for (const phase of [0.01, 0.37, 0.99]) {
    test(`at ${interval} s and phase ${phase} it holds right after the start, with a fall in the window`, async () => {
      const plan = base(interval, { phaseSeconds: phase * interval });
      const { verdict, at, announced } = await settle(check, plan, start + 1);
      holds(verdict);
      assert.ok(at - start - 1 <= announced + 2 && announced <= 3 * interval + 6, `${at - start - 1}, ${announced} s`);
      assert.match(said(verdict)[0]!, /^requests_total dropped 1 time in/);
    });
  }
  test(`at ${interval} s slow scrapes and missed ones are no fault`, async () => {
    const noise = { durationOf: (n: number) => (n % 3 === 1 ? 0.8 : 0.01), isMissed: (n: number) => n % 4 === 2 };
    holds((await settle(check, base(interval, noise), start + 300)).verdict);
  });
}

test('three numbers: what happened, what was stored, what Prometheus says', async () => {
  const words = said((await settle(check, base(5), start + 120)).verdict);
  assert.match(words[2]!, /^in 55 s between two scrapes it grew by (\d+), and \1 requests really arrived$/);
  assert.match(
    words[3]!,
    /^increase\(requests_total\[1m\]\) says \d+\.\d+, rate\(\) \d+\.\d+\/s: what 12 samples grew by/,
  );
});
test('requests that an exporter of another seed had are not held against the truth of this one', async () => {
  const lives: Plan['lives'] = [
    { from: start - 2, to: start + 100, signal: 'random', seed: 1 },
    { from: start + 101, signal: 'random', seed: 7 },
  ];
  const { verdict, at } = await settle(check, base(5, { lives }), start + 102);
  holds(verdict);
  assert.ok(at <= start + 118, `${at - start}`);
});

const at = start + 300;
const seen = async (change: (seen: Seen) => Seen) => (await settle(check, base(5), at, change)).verdict;
test('a truth with other requests fails', async () => {
  const verdict = await seen((all) =>
    answering(all, {
      truth: async (from, to) => {
        const truth = await all.read.truth(from, to);
        return { ...truth, requestsPerSecond: truth.requestsPerSecond.map((arrived) => 20 - arrived) };
      },
    }),
  );
  failsOnly(verdict, /requests really arrived/);
});
const answer = (name: string, change: (value: number) => number) => (all: Seen) =>
  answering(all, {
    query: async (expr, when) =>
      (await all.read.query(expr, when)).map((series) =>
        expr.startsWith(name) ? { ...series, samples: [[when!, change(series.samples[0]![1])]] } : series,
      ),
  });
test('an increase that is not the extrapolation of its samples fails', async () => {
  failsOnly(await seen(answer('increase', (value) => Math.round(value))), /^increase\(requests_total\[1m\]\) says/);
});
test('resets() that counts otherwise fails', async () => {
  failsOnly(await seen(answer('resets', (value) => value + 1)), /dropped 1 time .* resets\(\) says 2$/);
});
test('a fall without a new process fails', async () => {
  const verdict = await seen((all) =>
    answering(all, {
      samples: async (selector, window, when) =>
        (await all.read.samples(selector, window, when)).map(({ labels, samples }) => ({
          labels,
          samples: selector.startsWith('process') ? samples.map(([time]) => [time, start] as const) : samples,
        })),
    }),
  );
  failsOnly(verdict, /each time because its process had restarted/);
});

test('three scrapes of this exporter are waited for, to the second', async () => {
  const words = /^3 scrapes of requests_total since the exporter started$/;
  waits(await judgedAt(check, base(5), start + 1), 21, words);
  waits(await judgedAt(check, base(5), start + 3), 1.85 + 10 + 1 - 3, words);
  waits(await judgedAt(check, base(60), start + 100), 22.2 + 120 + 1 - 100, words);
});
test('without its exporter the lab is sent to make up', async () => {
  sendsTo(
    await judgedAt(check, base(5, { lives: [{ from: start - 2, to: start + 50, signal: 'random' }] }), at),
    'make up',
  );
});
