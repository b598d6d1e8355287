import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answering, intervals, judgedAt, type Plan, type Seen, settle } from '../../test/lessons/settle.ts';
import { failsOnly, holds, said, sendsTo, waits } from '../../test/lessons/verdicts.ts';
import { check } from './verdict.ts';

const start = 1_800_000_000;

/** The spike wave, scraped by a Prometheus that began a second after its exporter. */
const wave = (scrapeSeconds: number, changes: Partial<Plan> = {}): Plan => ({
  scrapeSeconds,
  phaseSeconds: 0.37 * scrapeSeconds,
  lives: [{ from: start, signal: 'spikes' }],
  prometheusStartedAt: start + 1,
  until: start + 600,
  ...changes,
});

for (const interval of intervals) {
  for (const phase of [0.004, 0.37, 0.61, 0.998]) {
    test(`at ${interval} s and phase ${phase} it holds right after the change, and waits as long as it said`, async () => {
      const plan = wave(interval, { phaseSeconds: phase * interval });
      const { verdict, at, announced } = await settle(check, plan, start + 2);
      holds(verdict);
      assert.ok(at - start - 2 <= announced + 2, `${at - start - 2} s passed, ${announced} were announced`);
      assert.ok(announced <= Math.max(30, 2 * interval) + 2 * interval + 8, `${announced} s announced`);
    });
  }
  test(`at ${interval} s slow scrapes and missed ones are no fault`, async () => {
    const plan = wave(interval, { durationOf: (n) => (n % 3 === 0 ? 0.7 : 0.02), isMissed: (n) => n % 5 === 2 });
    holds((await settle(check, plan, start + 2)).verdict);
  });
}

test('at 30 s the wave is a flat line, at 100 or at 0 by the phase of the scrape', async () => {
  const text = async (phaseSeconds: number) =>
    said((await settle(check, wave(30, { phaseSeconds }), start + 2)).verdict);
  assert.match((await text(5.4))[1]!, /^Prometheus could have distinguished 0 of them: 3 samples stored, all 100$/);
  assert.match((await text(6.4))[1]!, /^Prometheus could have distinguished 0 of them: 3 samples stored, all 0$/);
  assert.match((await text(6.4))[3]!, /^samples 30 s apart: 30 s is a multiple of the 2 s wave/);
});
test('at 5 s it looks five times slower, at 1 s every half is met', async () => {
  assert.match(said((await settle(check, wave(5), start + 2)).verdict)[3]!, /a wave of 10 s, 5 times slower$/);
  const claims = said((await settle(check, wave(1), start + 2)).verdict);
  assert.match(claims[0]!, /^15 spikes happened in 30 s, and the counter counted 15$/);
  assert.match(claims[1]!, /^Prometheus could have distinguished 15 of them: 31 samples stored/);
});
test('a sample that the Prometheus of before took of the new signal does not count', async () => {
  const plan = wave(30, { prometheusStartedAt: start + 8, earlier: { from: start - 300.5, scrapeSeconds: 5 } });
  const lives: Plan['lives'] = [{ from: start - 600, to: start - 0.2, signal: 'random' }, ...plan.lives];
  const { verdict } = await settle(check, { ...plan, lives }, start + 9);
  holds(verdict);
  assert.match(said(verdict)[1]!, /3 samples stored/);
  assert.match(said(verdict)[3]!, /^samples 30 s apart/);
});
test('spikes at 5 s before the slow scrape do not count either', async () => {
  const plan = wave(30, { prometheusStartedAt: start + 35, earlier: { from: start + 0.7, scrapeSeconds: 5 } });
  holds((await settle(check, plan, start + 36)).verdict);
});

const at = start + 100;
const seenAt = async (change: (seen: Seen) => Seen, scrapeSeconds = 30) =>
  (await settle(check, wave(scrapeSeconds), at, change)).verdict;

test('a truth that says the opposite in every second fails the samples alone', async () => {
  const verdict = await seenAt((seen) =>
    answering(seen, {
      truth: async (from, to) => {
        const truth = await seen.read.truth(from, to);
        return { ...truth, cpuPercent: truth.cpuPercent.map((value) => 100 - value) };
      },
    }),
  );
  failsOnly(verdict, /^no sample is wrong: 0 of \d/);
});
test('a stored value that never was fails the samples alone', async () => {
  const verdict = await seenAt((seen) =>
    answering(seen, {
      samples: async (selector, window, when) => {
        const [series] = await seen.read.samples(selector, window, when);
        if (series === undefined || !selector.startsWith('cpu_usage_simulated')) return series ? [series] : [];
        return [{ ...series, samples: series.samples.map(([time], index) => [time, index === 1 ? 42 : 100]) }];
      },
    }),
  );
  failsOnly(verdict, /^no sample is wrong/);
});
const counterOf = (metric: string, wrong: (value: number, index: number) => number) => (seen: Seen) =>
  answering(seen, {
    samples: async (selector, window, when) => {
      const all = await seen.read.samples(selector, window, when);
      if (!selector.startsWith(metric) || window === 120) return all;
      return all.map(({ labels, samples }) => ({
        labels,
        samples: samples.map(([time, value], index) => [time, wrong(value, index)] as const),
      }));
    },
  });
test('a counter that missed a spike fails', async () => {
  failsOnly(await seenAt(counterOf('cpu_spikes_total', (value, index) => value - index)), /the counter counted/);
});
test('a counter that lost a second fails', async () => {
  failsOnly(
    await seenAt(counterOf('cpu_busy_seconds_total', (value, index) => value - index)),
    /a counter loses nothing/,
  );
});
test('an answer that is not the extrapolation of its samples fails', async () => {
  const verdict = (wrong: string) =>
    seenAt((seen) =>
      answering(seen, {
        query: async (expr, when) =>
          (await seen.read.query(expr, when)).map((series) =>
            expr.includes(wrong) ? { ...series, samples: [[when!, series.samples[0]![1] + 0.001]] } : series,
          ),
      }),
    );
  failsOnly(await verdict('cpu_busy_seconds_total'), /^100 \* rate\(cpu_busy_seconds_total\[2m\]\) says/);
  const invented = await seenAt((seen) =>
    answering(seen, {
      query: async (expr, when) =>
        expr.includes('requests') ? [{ labels: {}, samples: [[when!, 1]] }] : seen.read.query(expr, when),
    }),
  );
  failsOnly(invented, /^rate\(requests_total\[10s\]\) says 1\/s/);
});
test('a second exporter under the same job is not read', async () => {
  const verdict = await seenAt((seen) =>
    answering(seen, {
      samples: async (selector, window, when) => {
        assert.match(selector, /instance="exporter:8000"/);
        return seen.read.samples(selector, window, when);
      },
      query: async (expr, when) => {
        assert.match(expr, /instance="exporter:8000"/);
        return seen.read.query(expr, when);
      },
    }),
  );
  holds(verdict);
});

test('it says how long until enough is stored', async () => {
  // Before the first scrape its phase is not known: the longest it can take, at three scrapes of 30 s.
  waits(await judgedAt(check, wave(30), start + 2), 96, /^60 s of samples$/);
  // The first one came at 12.1: the third comes 60 s later.
  waits(await judgedAt(check, wave(30), start + 20), 53.1, /^60 s of samples$/);
  waits(await judgedAt(check, wave(1), start + 10), 22.37, /^30 s of samples$/);
});
test('another signal is sent to exp-5', async () => {
  sendsTo(await judgedAt(check, wave(30, { lives: [{ from: start, signal: 'random' }] }), at));
});
