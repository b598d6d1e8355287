import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answering, intervals, judgedAt, type Plan, type Seen, settle } from '../../test/lessons/settle.ts';
import { every, failsOnly, holds, said, sendsTo, waits } from '../../test/lessons/verdicts.ts';
import { lastOutage } from './outage.ts';
import { check } from './verdict.ts';

const start = 1_800_000_000;
const stop = start + 400;

/** The exporter goes at `stop`; Prometheus goes on. */
const gone = (scrapeSeconds: number, changes: Partial<Plan> = {}): Plan => ({
  scrapeSeconds,
  phaseSeconds: 0.37 * scrapeSeconds,
  lives: [{ from: start - 100, to: stop, signal: 'random' }],
  prometheusStartedAt: start,
  historyFrom: start - 600,
  until: start + 1_000,
  ...changes,
});
const returned = (scrapeSeconds: number, back: number, changes: Partial<Plan> = {}): Plan =>
  gone(scrapeSeconds, {
    lives: [
      { from: start - 100, to: stop, signal: 'random' },
      { from: back, signal: 'random' },
    ],
    ...changes,
  });
/** As `make exp-1` writes it down: the stop was done between two whole seconds. */
const applied = (seen: Seen): Seen => ({
  ...seen,
  lab: { ...seen.lab, applied: { step: 'exp-1', from: stop, to: stop + 1 } },
});

for (const interval of intervals) {
  for (const phase of [0.02, 0.37, 0.98]) {
    test(`at ${interval} s and phase ${phase} the outage and the return hold right after the change`, async () => {
      const phaseSeconds = phase * interval;
      const { verdict, at, announced } = await settle(check, gone(interval, { phaseSeconds }), stop + 1.2, applied);
      holds(verdict);
      assert.ok(at - stop <= interval + 4 && announced <= interval + 1, `${at - stop} s, announced ${announced} s`);
      const plan = returned(interval, stop + 150.3, { phaseSeconds });
      const back = await settle(check, plan, stop + 151.5);
      holds(back.verdict);
      assert.ok(back.at - stop - 150 <= interval + 4, `${back.at - stop - 150} s`);
    });
  }
  test(`at ${interval} s slow scrapes and missed ones are no fault`, async () => {
    const noise = { durationOf: (n: number) => (n % 4 === 1 ? 0.8 : 0.01), isMissed: (n: number) => n % 7 === 3 };
    holds((await settle(check, gone(interval, noise), stop + 1.2, applied)).verdict);
    holds((await settle(check, returned(interval, stop + 150, noise), stop + 152)).verdict);
  });
}

test('what is said of the outage, and of the return', async () => {
  const words = said((await settle(check, gone(5), stop + 1.2, applied)).verdict);
  assert.match(
    words[0]!,
    /^`up` dropped from 1 to 0 at 08:06:41, 5 s after the last good scrape .*, at most 1\.8 s after/,
  );
  assert.match(words[1]!, /: 1 series in an instant query at 08:06:36, 0 at 08:06:41$/);
  assert.match(words[2]!, /: 80 scrapes before the outage left a sample each, 1 failed scrape left none$/);
  assert.equal(words[3], 'Prometheus says why: connection refused');
  const after = said((await settle(check, returned(5, stop + 20.2), stop + 26)).verdict);
  assert.match(after[3]!, /^the outage lasted 20 s in `up`; `up` was 1 again 1\.8 s after the exporter started$/);
});

const outage = (change: (seen: Seen) => Seen) => settle(check, gone(5), stop + 20, (seen) => change(applied(seen)));
test('a value that outlives its target fails', async () => {
  const { verdict } = await outage((seen) =>
    answering(seen, { query: async (_, at) => seen.read.query('up{job="my_app"}', at) }),
  );
  failsOnly(verdict, /^the gauge is stale at once/);
});
test('a gauge that was never there fails: gone is more than absent', async () => {
  const { verdict } = await outage((seen) => answering(seen, { query: async () => [] }));
  failsOnly(verdict, /0 series in an instant query at \S+, 0 at/);
});
test('a sample from the outage fails, and so does a scrape that left none', async () => {
  const changed = (change: (samples: (readonly [number, number])[]) => (readonly [number, number])[]) =>
    outage((seen) =>
      answering(seen, {
        samples: async (selector, window, at) =>
          (await seen.read.samples(selector, window, at)).map(({ labels, samples }) => ({
            labels,
            samples: selector.startsWith('cpu') ? change(samples) : samples,
          })),
      }),
    );
  failsOnly((await changed((samples) => [...samples, [stop + 6.85, 1]])).verdict, /nothing is made up/);
  failsOnly((await changed((samples) => samples.toSpliced(130, 1))).verdict, /nothing is made up/);
});
test('what an earlier process did not expose, or an earlier Prometheus did not keep, is no fault', async () => {
  const without = (until: number) => (seen: Seen) =>
    answering(applied(seen), {
      samples: async (selector, window, at) =>
        (await seen.read.samples(selector, window, at)).map(({ labels, samples }) => ({
          labels,
          samples: selector.startsWith('cpu') ? samples.filter(([each]) => each > until) : samples,
        })),
    });
  const lives: Plan['lives'] = [
    { from: start - 100, to: stop - 200, signal: 'random' },
    { from: stop - 200, to: stop, signal: 'random' },
  ];
  holds((await settle(check, gone(5, { lives }), stop + 20, without(stop - 200))).verdict);
  const earlier = { from: start - 50, scrapeSeconds: 5 };
  holds((await settle(check, gone(5, { earlier }), stop + 20, without(start))).verdict);
  failsOnly((await settle(check, gone(5), stop + 20, without(start + 60))).verdict, /nothing is made up/);
});
test('a scrape that went well after the stop fails', async () => {
  const { verdict } = await settle(check, gone(5), stop + 20, (seen) => ({
    ...seen,
    lab: { ...seen.lab, applied: { step: 'exp-1', from: stop - 10, to: stop - 9 } },
  }));
  failsOnly(verdict, /^`up` dropped from 1 to 0/);
});

const afterReturn = (change: (seen: Seen) => Seen) => settle(check, returned(5, stop + 20.2), stop + 30, change);
test('a truth that says the opposite in every second fails the return alone', async () => {
  const { verdict } = await afterReturn((seen) =>
    answering(seen, {
      truth: async (from, to) => {
        const truth = await seen.read.truth(from, to);
        return { ...truth, cpuPercent: truth.cpuPercent.map((value) => 100 - value) };
      },
    }),
  );
  failsOnly(verdict, /^the first sample after it is a true one/);
});
test('the process of before, in place of the new one, fails', async () => {
  const { verdict } = await afterReturn((seen) =>
    answering(seen, {
      query: async (expr, at) =>
        expr.startsWith('process') ? [{ labels: {}, samples: [[at!, start - 100]] }] : seen.read.query(expr, at),
    }),
  );
  failsOnly(verdict, /^the first sample after it is a true one/);
});
test('an exporter that was started once more since has another truth: nothing is claimed of its first sample', async () => {
  const plan = returned(5, stop + 20.2);
  const lives = [
    ...plan.lives.slice(0, 1),
    { ...plan.lives[1]!, to: stop + 60 },
    { from: stop + 60, signal: 'spikes' as const },
  ];
  const { verdict } = await settle(check, { ...plan, lives }, stop + 90);
  holds(verdict);
  assert.equal(said(verdict).length, 4);
});

test('the first failed scrape and the first good one are waited for, to the second', async () => {
  waits(await judgedAt(check, gone(5), stop + 0.5), 2.35, /^the first scrape that fails$/);
  waits(await judgedAt(check, gone(60), stop + 10), 33.2, /^the first scrape that fails$/);
  waits(
    await judgedAt(check, returned(5, stop + 20.2), stop + 20.5),
    2.35,
    /^the first scrape after the exporter is up again$/,
  );
});
test('a lab that was never without its exporter is sent to exp-1', async () => {
  sendsTo(await judgedAt(check, gone(5), stop - 10));
});
test('an outage that is older than what is looked at is not waited for', async () => {
  sendsTo(await judgedAt(check, gone(5, { until: stop + 4_000 }), stop + 3_900), 'make up, then make exp-1');
});
test('an outage that a restart of Prometheus blurs is not judged', async () => {
  const plan = gone(5, { prometheusStartedAt: stop + 1, earlier: { from: start + 2, scrapeSeconds: 5 } });
  sendsTo(await judgedAt(check, plan, stop + 20), 'make up, then make exp-1');
});
test('the last outage is found among several', () => {
  assert.deepEqual(lastOutage(every(5, start, [1, 0, 1, 1, 0, 0, 1])), {
    good: start + 15,
    failed: start + 20,
    back: start + 30,
  });
  assert.equal(lastOutage(every(5, start, [0, 0, 1])), undefined);
});
