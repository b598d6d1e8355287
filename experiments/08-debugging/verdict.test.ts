import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answering, intervals, judgedAt, type Plan, type Seen, settle } from '../../test/lessons/settle.ts';
import { failsOnly, holds, said, sendsTo, waits } from '../../test/lessons/verdicts.ts';
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
const wrongPath = 'metrics_path: /metric\n';
/** The learner has asked for the cause. */
const asked = (seen: Seen): Seen => {
  const { target } = seen.lab;
  const named = target && { ...target, lastError: target.lastError && fault, scrapeUrl: 'http://exporter:8000/metric' };
  return counted({ ...seen, lab: { ...seen.lab, target: named, jobConfig: wrongPath, mayTell: true } }, 0, 0);
};

/** What Prometheus writes of each scrape, beside `up`. */
const counted = (seen: Seen, scraped: number, kept: number): Seen => {
  const counts: [name: string, value: number][] = [
    ['scrape_samples_scraped', scraped],
    ['scrape_samples_post_metric_relabeling', kept],
  ];
  return answering(seen, {
    samples: async (selector, window, at) => {
      const [name, value] = counts.find(([each]) => selector.startsWith(each)) ?? [];
      if (name === undefined || value === undefined) return seen.read.samples(selector, window, at);
      const ups = await seen.read.samples(selector.replace(name, 'up'), window, at);
      return ups.map(({ labels, samples }) => ({ labels, samples: samples.map(([time]) => [time, value] as const) }));
    },
  });
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

test('the fault is named from what Prometheus says; what cannot fail is said without a mark', async () => {
  const { verdict } = await settle(check, broken(5), start + 300, asked);
  const words = said(verdict);
  assert.match(words[1]!, /its newest sample is 105 s old; 20 scrapes since 08:03:21 brought none$/);
  assert.equal(words[2], `3. Is the target up? \`up\` is 0: ${fault}`);
  assert.match(words[4]!, /^5\. So the fault \(path\): the scrape asks for a path that the exporter does not have\. /);
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
          samples: selector.startsWith('cpu_usage_simulated{') ? [...samples, [at, 50] as const] : samples,
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
  failsOnly(verdict, /^5\. So the fault \(path\)/);
});

test('a healthy lab, and one without its exporter, are sent to exp-8', async () => {
  sendsTo(await judgedAt(check, broken(5, { prometheusStartedAt: start }), start + 100));
  sendsTo(
    await judgedAt(
      check,
      broken(5, { lives: [{ from: start - 100, to: start + 50, signal: 'random' }] }),
      start + 100,
      asked,
    ),
  );
});
test('the first scrape with the fault is waited for', async () => {
  waits(
    await judgedAt(check, broken(60, { phaseSeconds: 50 }), brokenAt + 10, asked),
    66,
    /^the first scrape with the fault$/,
  );
});
test('a reason that is not of this fault may be of a service that has just begun, and is waited for', async () => {
  const refused = (seen: Seen): Seen => {
    const { lab } = asked(seen);
    return { ...asked(seen), lab: { ...lab, target: { ...lab.target!, lastError: 'connection refused' } } };
  };
  waits(await judgedAt(check, broken(5), brokenAt + 10, refused), 2.85, /^a scrape that shows the fault$/);
  failsOnly(await judgedAt(check, broken(5), brokenAt + 60, refused), /^5\. So the fault \(path\)/);
});

const namedOrNot = (namedAt: number | undefined) => (seen: Seen) => {
  const { lab, ...rest } = asked(seen);
  return answering({ ...rest, lab: { ...lab, mayTell: false } }, { causeNamedAt: async () => namedAt });
};
test('the cause is revealed only to who has named it since the fault is active', async () => {
  const hidden = { kind: 'search', reason: /^20 scrapes since 08:03:21, and no new sample of cpu_usage_simulated/ };
  for (const namedAt of [undefined, brokenAt - 1]) {
    const verdict = await judgedAt(check, broken(5), start + 300, namedOrNot(namedAt));
    assert.equal(verdict.kind, hidden.kind);
    assert.match(verdict.kind === 'search' ? verdict.reason : '', hidden.reason);
    assert.doesNotMatch(JSON.stringify(verdict), /path|404/);
  }
  holds(await judgedAt(check, broken(5), start + 300, namedOrNot(brokenAt + 20)));
});

/** The scrape goes on well, and one metric of it is lost or renamed on its way. */
const relabelled = (action: string, kept: number, names: string[]) => (seen: Seen) => {
  const jobConfig = `metrics_path: /metrics\nmetric_relabel_configs:\n- source_labels: [__name__]\n  ${action}\n`;
  const counts = counted({ ...seen, lab: { ...seen.lab, jobConfig, mayTell: true } }, 18, kept);
  return answering(counts, {
    metricNames: async () => [...(await seen.read.metricNames()), ...names],
    samples: async (selector, window, at) => {
      const isNew = selector.startsWith('cpu_usage_simulated_percent{');
      const found = await counts.read.samples(isNew ? selector.replace('_percent', '') : selector, window, at);
      if (!isNew && !selector.startsWith('cpu_usage_simulated{')) return found;
      return found.map(({ labels, samples }) => ({
        labels,
        samples: samples.filter(([time]) => time >= brokenAt === isNew),
      }));
    },
  });
};
const healthy = broken(5, { refusedFrom: start + 10_000 });
test('a metric that is dropped after the scrape shows as a sample that is missing', async () => {
  const verdict = await judgedAt(check, healthy, start + 300, relabelled('action: drop', 17, []));
  holds(verdict);
  assert.match(said(verdict)[2]!, /`up` is 1: the scrape itself works$/);
  assert.match(said(verdict)[4]!, /\(dropped\).* Of 18 scraped samples 17 are stored$/);
  failsOnly(
    await judgedAt(check, healthy, start + 300, relabelled('action: drop', 18, [])),
    /^5\. So the fault \(dropped\)/,
  );
});
test('a metric that is renamed is there, under a name that the exporter does not serve', async () => {
  const names = ['cpu_usage_simulated_percent'];
  const verdict = await judgedAt(check, healthy, start + 300, relabelled('target_label: __name__', 18, names));
  holds(verdict);
  assert.match(said(verdict)[4]!, /\(renamed\).* 18 are stored; cpu_usage_simulated_percent has samples/);
  const lost = await judgedAt(check, healthy, start + 300, relabelled('target_label: __name__', 18, []));
  failsOnly(lost, /^5\. So the fault \(renamed\)/);
});
