import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answering, intervals, judgedAt, type Plan, type Seen, settle } from '../../test/lessons/settle.ts';
import { failsOnly, holds, said, sendsTo, waits } from '../../test/lessons/verdicts.ts';
import { check } from './verdict.ts';

const start = 1_800_000_000;
const base = (scrapeSeconds: number, changes: Partial<Plan> = {}): Plan => ({
  scrapeSeconds,
  phaseSeconds: 0.37 * scrapeSeconds,
  lives: [{ from: start - 1.2, signal: 'random' }],
  prometheusStartedAt: start,
  until: start + 1_500,
  ...changes,
});

for (const interval of intervals) {
  for (const seed of [1, 7, 2_027]) {
    test(`at ${interval} s, seed ${seed}, it holds as soon as the sum was once over 100 %`, async () => {
      const lives: Plan['lives'] = [{ from: start - 1.2, signal: 'random', seed }];
      for (const phase of [0.003, 0.61, 0.997]) {
        const plan = base(interval, { lives, phaseSeconds: phase * interval });
        holds((await settle(check, plan, start + 1)).verdict);
        const durationOf = (n: number) => (n % 2 === 0 ? 0.9 : 0.01);
        holds((await settle(check, { ...plan, durationOf, isMissed: (n) => n % 5 === 3 }, start + 400)).verdict);
      }
    });
  }
}
test('with many cores the sum is over 100 % at once', async () => {
  const lives: Plan['lives'] = [{ from: start - 1.2, signal: 'random', cores: 30 }];
  const { verdict } = await settle(check, base(5, { lives }), start + 1);
  holds(verdict);
  assert.match(said(verdict)[0]!, /in 3 of 3 scrapes \(100 %\)/);
});
test('what another number of cores has stored does not count', async () => {
  const lives: Plan['lives'] = [
    { from: start - 100, to: start + 200, signal: 'random', cores: 8 },
    { from: start + 201.3, signal: 'random', cores: 2 },
  ];
  holds((await settle(check, base(5, { lives }), start + 202)).verdict);
});

const seen = async (change: (seen: Seen) => Seen) => (await settle(check, base(5), start + 400, change)).verdict;
test('a truth that says the opposite in every second fails the parts', async () => {
  const verdict = await seen((all) =>
    answering(all, {
      truth: async (...range) => {
        const truth = await all.read.truth(...range);
        // The other core's values: the same sums, and no part is right.
        return { ...truth, cores: { core1: truth.cores.core2!, core2: truth.cores.core1! } };
      },
    }),
  );
  failsOnly(verdict, /^each part is right on its own: core1 and core2 had their stored values in 0 of/);
});
test('a truth in which the cores never add up to so much fails the sum and the parts', async () => {
  const verdict = await seen((all) =>
    answering(all, {
      truth: async (...range) => {
        const truth = await all.read.truth(...range);
        const none = truth.instants.map(() => 1);
        return { ...truth, cores: { core1: none, core2: none } };
      },
    }),
  );
  assert.deepEqual(
    verdict.kind === 'measured' && verdict.findings.map((finding) => 'claim' in finding && finding.holds),
    [false, true, false, true],
  );
});
test('an answer that the arithmetic does not have fails', async () => {
  const verdict = await seen((all) =>
    answering(all, {
      query: async (expr, when) =>
        expr.startsWith('sum') ? [{ labels: {}, samples: [[when!, 100]] }] : all.read.query(expr, when),
    }),
  );
  failsOnly(verdict, /^nothing warns you: sum\(\) says 100 %/);
});
test('an average over 100 % fails', async () => {
  const verdict = await seen((all) =>
    answering(
      { ...all, lab: { ...all.lab, exporter: { ...all.lab.exporter!, cores: 3 } } },
      {
        samples: async (selector, window, when) => {
          const series = await all.read.samples(selector, window, when);
          if (!selector.startsWith('cpu_usage{')) return series;
          const third = { labels: { core: 'core3' }, samples: series[0]!.samples.map(([at]) => [at, 500] as const) };
          return [...series, third];
        },
      },
    ),
  );
  failsOnly(verdict, /^the average of the cores never is/);
});

test('three scrapes are waited for, then one at which the sum is over 100 %', async () => {
  waits(await judgedAt(check, base(5), start + 1), 21, /^3 scrapes of cpu_usage$/);
  const low = (seen: Seen): Seen =>
    answering(seen, {
      samples: async (selector, window, when) =>
        (await seen.read.samples(selector, window, when)).map(({ labels, samples }) => ({
          labels,
          samples: samples.map(([at, value]) => [at, selector.startsWith('cpu_usage{') ? value / 3 : value] as const),
        })),
    });
  const waiting = await judgedAt(check, base(5), start + 60, low);
  waits(waiting, 61.85 + 1 - 60, /^a scrape at which sum\(cpu_usage\) is over 100 %$/);
});
test('one core cannot show it', async () => {
  const lives: Plan['lives'] = [{ from: start - 1, signal: 'random', cores: 1 }];
  sendsTo(await judgedAt(check, base(5, { lives }), start + 60), 'make up CORES=2');
});
