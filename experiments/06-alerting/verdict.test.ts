import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Notification } from '../../lab/model/reader.ts';
import type { Sample } from '../../lab/promql/sample.ts';
import { answering, intervals, judgedAt, type Plan, type Seen, settle } from '../../test/lessons/settle.ts';
import { failsOnly, holds, said, sendsTo, waits } from '../../test/lessons/verdicts.ts';
import { check } from './verdict.ts';

const start = 1_800_000_000;
const changed = start + 300;

/** A base lab, and at `changed` a high CPU in place of the random one. */
const high = (scrapeSeconds: number, changes: Partial<Plan> = {}): Plan => ({
  scrapeSeconds,
  phaseSeconds: 0.37 * scrapeSeconds,
  lives: [
    { from: start - 10, to: changed, signal: 'random' },
    { from: changed + 0.6, signal: 'high' },
  ],
  prometheusStartedAt: start,
  until: start + 1_500,
  ...changes,
});
const undone = changed + 200;
const over = (scrapeSeconds: number, changes: Partial<Plan> = {}): Plan =>
  high(scrapeSeconds, {
    lives: [
      { from: start - 10, to: changed, signal: 'random' },
      { from: changed + 0.6, to: undone, signal: 'high' },
      { from: undone + 0.6, signal: 'random' },
    ],
    ...changes,
  });

for (const interval of intervals) {
  for (const evaluationSeconds of [1, 5, 15]) {
    test(`scrapes every ${interval} s, evaluations every ${evaluationSeconds} s: the way and its end hold`, async () => {
      for (const phase of [0.01, 0.37, 0.62, 0.98]) {
        const changes = { phaseSeconds: phase * interval, evaluationSeconds };
        const plan = high(interval, changes);
        const { verdict, at, announced } = await settle(check, plan, changed + 1.3);
        holds(verdict);
        const longest = interval + 2 * evaluationSeconds + Math.max(10, evaluationSeconds) + 12;
        assert.ok(at - changed <= longest, `${at - changed} s, at most ${longest} s`);
        assert.ok(announced <= interval + evaluationSeconds + 15, `${announced} s announced`);
        holds((await settle(check, over(interval, changes), undone + 1.3)).verdict);
      }
    });
  }
  test(`scrapes every ${interval} s: slow ones and missed ones are no fault`, async () => {
    for (const k of [0, 1, 2]) {
      const noise = {
        durationOf: (n: number) => (n % 3 === k ? 0.9 : 0.01),
        isMissed: (n: number) => n % 5 === k + 1,
      };
      holds((await settle(check, high(interval, noise), changed + 1.3)).verdict);
      holds((await settle(check, over(interval, noise), undone + 1.3)).verdict);
    }
  });
}

test('the words: the whole way is split', async () => {
  const words = said((await settle(check, high(5), changed + 1.3)).verdict);
  assert.match(
    words[0]!,
    /^inactive → PENDING at 08:05:03, 1\.7 s after the first sample over 80 \(08:05:01\): an eval/,
  );
  assert.match(
    words[1]!,
    /^PENDING → FIRING at 08:05:13, 10 s later: the first evaluation at which `for: 10s` is over$/,
  );
  assert.match(words[2]!, /^at each of 3 evaluations the newest sample was over 80, and 3 of 3 samples are what/);
  assert.match(words[3]!, /^FIRING → notified at 08:05:15, 2 s later, of the alert that began to fire at 08:05:13/);
  assert.match(words[4]!, /^from the first sample to the notification it took 14 s = evaluation 1\.7 s \+ for 10 s/);
  const after = said((await settle(check, over(5), undone + 1.3)).verdict);
  assert.match(
    after[5]!,
    /^FIRING → resolved at 08:08:\d\d, the first evaluation after a sample of [\d.]+ at 08:08:\d\d; it had/,
  );
  assert.match(after[6]!, /^resolved → resolution notified at 08:08:\d\d, \d(\.\d)? s later/);
});
test('at 7 s a sample of before a failed scrape is not the first of the run', async () => {
  // A random 98 at 08:04:59, the exporter away for one scrape, then the high signal.
  for (let seed = 1; seed < 40; seed += 1) {
    const lives: Plan['lives'] = [
      { from: start - 10, to: changed, signal: 'random', seed },
      { from: changed + 9, signal: 'high', seed },
    ];
    holds((await settle(check, high(7, { lives }), changed + 10)).verdict);
  }
});
test('a Prometheus that has just begun stores no state at first, and the stored start shows it', async () => {
  for (const phaseSeconds of [0.2, 2.4, 4.9]) {
    const lives: Plan['lives'] = [{ from: changed - 20, signal: 'high' }];
    const plan = high(5, { lives, prometheusStartedAt: changed, phaseSeconds });
    const { verdict } = await settle(check, plan, changed + 1);
    holds(verdict);
    assert.match(said(verdict)[1]!, /10 s later/);
  }
});
test('a CPU that was high when Prometheus began is named, not judged', async () => {
  const lives: Plan['lives'] = [{ from: start, signal: 'high' }];
  const plan = high(5, { lives, prometheusStartedAt: changed, earlier: { from: start + 1, scrapeSeconds: 5 } });
  const { verdict } = await settle(check, plan, changed + 1);
  holds(verdict);
  assert.match(said(verdict)[0]!, /is older than Prometheus/);
});

const seen = async (change: (seen: Seen) => Seen, plan = high(5), from = changed + 60) =>
  (await settle(check, plan, from, change)).verdict;
const stored = (starts: string, change: (samples: Sample[]) => Sample[]) => (all: Seen) =>
  answering(all, {
    samples: async (selector, window, at) =>
      (await all.read.samples(selector, window, at)).map(({ labels, samples }) => ({
        labels,
        samples: selector.startsWith(starts) ? change([...samples]) : samples,
      })),
  });
const inboxOf = (change: (all: Notification[]) => Notification[] | undefined) => (all: Seen) =>
  answering(all, { notifications: async () => change((await all.read.notifications())!) });
test('a truth that says the opposite in every second fails the condition alone', async () => {
  const verdict = await seen((all) =>
    answering(all, {
      truth: async (...range) => {
        const truth = await all.read.truth(...range);
        return { ...truth, cpuPercent: truth.cpuPercent.map((value) => 100 - value) };
      },
    }),
  );
  failsOnly(verdict, /^at each of \d+ evaluations .* and 0 of \d+ samples are what the signal was$/);
});
test('an alert that fires before `for` is over fails', async () => {
  // Firing from the second evaluation on.
  const active = changed + 3.5;
  const early = stored('ALERTS{', (samples) => [[active + 5, 1], ...samples]);
  const verdict = await seen((all) => inboxOf(() => undefined)(early(all)));
  failsOnly(verdict, /^PENDING → FIRING at 08:05:08, 5 s later/);
});
test('a first sample two evaluations before fails', async () => {
  const verdict = await seen(stored('cpu_usage', (samples) => samples.map(([at]) => [at, 95] as const)));
  assert.equal(verdict.kind, 'measured');
  const failed = verdict.kind === 'measured' ? verdict.findings.filter((each) => 'claim' in each && !each.holds) : [];
  assert.match(JSON.stringify(failed[0]), /inactive → PENDING/);
});
test('an evaluation that was active without a sample over the threshold fails', async () => {
  const verdict = await seen(
    stored('cpu_usage', (samples) =>
      samples.map(([at, value]) => [at, at > changed + 25 && at < changed + 35 ? 20 : value]),
    ),
  );
  failsOnly(verdict, /^at each of \d+ evaluations/);
});
test('a notification that never came, and one of another alert, fail', async () => {
  failsOnly(await seen(inboxOf(() => [])), /^FIRING → notified$/);
  const ofAnother = inboxOf((all) => all.map((each) => ({ ...each, startsAt: each.startsAt - 60 })));
  failsOnly(await seen(ofAnother), /^FIRING → notified$/);
});
test('a resolution that was never sent, and one with another end, fail', async () => {
  const none = inboxOf((all) => all.filter(({ status }) => status === 'firing'));
  failsOnly(await seen(none, over(5), undone + 100), /^resolved → resolution notified$/);
  const later = inboxOf((all) => all.map((each) => (each.endsAt ? { ...each, endsAt: each.endsAt + 20 } : each)));
  failsOnly(await seen(later, over(5), undone + 100), /^resolved → resolution notified at/);
});
test('an alert that ends without a cause fails', async () => {
  const verdict = await seen(
    stored('cpu_usage', (samples) => samples.map(([at, value]) => [at, at > undone ? 99 : value])),
    over(5),
    undone + 100,
  );
  assert.deepEqual(verdict.kind === 'measured' && verdict.findings.map((each) => !('claim' in each) || each.holds), [
    true,
    true,
    true,
    true,
    true,
    false,
    true,
  ]);
});
test('where nothing receives notifications the alert itself is still measured', async () => {
  const verdict = await seen(inboxOf(() => undefined));
  holds(verdict);
  assert.equal(said(verdict).length, 3);
});
test('a second exporter under the same job is not read', async () => {
  await seen((all) =>
    answering(all, {
      samples: async (selector, ...rest) => {
        assert.match(selector, /instance="exporter:8000"|prometheus_rule_group/);
        return all.read.samples(selector, ...rest);
      },
    }),
  );
});

test('each stage is waited for, to the second', async () => {
  // The first sample comes at 301.85, the evaluations at 303.5, 308.5 and 313.5, the notification at 315.52.
  waits(await judgedAt(check, high(5), changed + 1.1), 16, /^HighCPU to be PENDING$/);
  waits(await judgedAt(check, high(5), changed + 2), 6, /^HighCPU to be PENDING$/);
  waits(await judgedAt(check, high(5), changed + 4), 10.5, /^HighCPU to be FIRING$/);
  waits(await judgedAt(check, high(5), changed + 14), 5.5, /^the notification$/);
  waits(await judgedAt(check, over(5), undone + 1), 1.85 + 1 - 1 + 5, /^HighCPU to be resolved$/);
});
test('an alert of earlier, and one from before Prometheus began, are other stories', async () => {
  sendsTo(await judgedAt(check, high(5, { lives: [{ from: start - 10, signal: 'random' }] }), changed + 60));
  const plan = over(5, { prometheusStartedAt: undone + 40, earlier: { from: start, scrapeSeconds: 5 } });
  sendsTo(await judgedAt(check, plan, undone + 60));
});
