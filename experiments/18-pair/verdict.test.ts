import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';

import { isJudgement } from '../../lab/evidence/happening.ts';
import type { Api, Notification, Reader } from '../../lab/model/reader.ts';
import type { Claim, Judgement } from '../../lab/model/verdict.ts';
import { penalty } from '../../lab/promql/deduplication.ts';
import type { Sample, Series } from '../../lab/promql/sample.ts';
import { apiOver, away, labelled, says } from '../../lab/simulator/backend.ts';
import { rawSamples } from '../../lab/simulator/query.ts';
import type { StoredSeries } from '../../lab/simulator/store.ts';
import { intervals, settleIn } from '../../test/lessons/settle.ts';
import { fleetAfter, fleetStart as start } from '../../test/lessons/simulated.ts';
import { failsOnly, holds, said, sendsTo, waits } from '../../test/lessons/verdicts.ts';
import { alerts } from './findings.ts';
import { countersOf, freezeIn, longestGap, replicas } from './pair.ts';
import { check, type Measured, measure, verdict } from './verdict.ts';

/** From when to when replica-b does nothing; while it does, it does not answer either. */
type State = {
  frozen?: { from: number; to: number };
  isQueryAway?: boolean;
  isWithoutReplicas?: boolean;
  reported?: number;
};

const fleet = Array.from({ length: 12 }, (_, index) => `exporter:${8_000 + index}`);

/** What the guide has received: each alert once, and the other one once from each replica. */
const inboxOf = (receivedAt: number): Notification[] =>
  fleet.flatMap((instance) =>
    [undefined, 'a', 'b'].map((seen_by) => ({
      alertname: seen_by ? alerts.each : alerts.alike,
      status: 'firing' as const,
      labels: { instance, ...(seen_by && { seen_by }) },
      annotations: {},
      startsAt: receivedAt,
      endsAt: undefined,
      receivedAt,
    })),
  );

/** A fleet of twelve, and two Prometheus that scrape all of it, at phases of their own. */
const labOf = async (scrapeSeconds: number, seconds = Math.max(200, 12 * scrapeSeconds)) => {
  const both = await Promise.all(
    [0.41, 0.7].map((from) => fleetAfter(seconds, { environment: { INSTANCES: '12' } }, scrapeSeconds, from)),
  );
  const storedOf = (index: number, now: number, { frozen }: State): StoredSeries[] =>
    both[index]!.storedAt(now).map(({ labels, samples, staleAt }) => ({
      labels,
      staleAt,
      samples:
        frozen && index === 1
          ? samples.filter(([at]) => at <= frozen.from || at >= frozen.to)
          : samples.map((each) => each),
    }));
  const readAt = (now: number, state: State = {}): Reader => {
    const isFrozen = state.frozen !== undefined && now > state.frozen.from && now < state.frozen.to;
    const stored = replicas.map((_, index) => storedOf(index, now, state));
    const answering = replicas.map((_, index) => index === 0 || !isFrozen);
    const querier: Api = {
      ...away,
      answer: async (path, parameters = {}) => {
        const { query = '', time = now, dedup, partial_response } = parameters;
        if (`${query}`.startsWith('ALERTS')) return { ...says(), data: { result: Array(24).fill({ metric: {} }) } };
        const windowSeconds = Number(/\[(\d+)s\]/.exec(`${query}`)?.[1] ?? 300);
        const lines = stored.map((each, index) =>
          answering[index] ? rawSamples(each, 'requests_total{job="my_app"}', windowSeconds, Number(time)) : [],
        );
        const own = (index: number) => lines[index]!.map(({ labels, samples }) => ({ labels, samples, staleAt: [] }));
        const of = (index: number, instance: string) =>
          lines[index]!.find(({ labels }) => labels.instance === instance)?.samples ?? [];
        const merged = fleet.map((instance) => ({
          labels: { __name__: 'requests_total', job: 'my_app', instance },
          samples: penalty(of(0, instance), of(1, instance)),
          staleAt: [],
        }));
        const doubled = replicas.flatMap(({ replica }, index) => labelled(own(index), { replica }));
        const warns = answering.includes(false);
        const speak = () => (warns && partial_response === 'false' ? says(422) : says(200, warns ? 1 : 0));
        return apiOver(dedup === 'false' ? doubled : merged, speak).answer(path, parameters);
      },
    };
    return {
      ...both[0]!.readAt(now),
      notifications: async () => inboxOf(start + 20).slice(0, state.reported ?? 36),
      at: (address) => {
        if (address === 'query:10902') return state.isQueryAway ? away : querier;
        const index = replicas.findIndex(({ service }) => address === `${service}:9090`);
        if (index === -1 || !answering[index] || state.isWithoutReplicas) return away;
        const api = apiOver(stored[index]!);
        const startTime = new Date(1000 * (start + 2 + index)).toISOString();
        return {
          ...api,
          answer: async (path, parameters) =>
            path === 'status/runtimeinfo' ? { ...says(), data: { startTime } } : api.answer(path, parameters),
        };
      },
    };
  };
  const settled = async (from: number, state: State = {}): Promise<Judgement> => {
    const seen = { labAt: both[0]!.labAt, readAt: (now: number) => readAt(now, state) };
    return (await settleIn(check, seen, from, start + seconds)).verdict;
  };
  return { labAt: both[0]!.labAt, readAt, settled };
};

for (const interval of intervals) {
  test(`scraped every ${interval} s it holds before, in and after a freeze`, async () => {
    const { settled } = await labOf(interval);
    holds(await settled(start + 5));
    const from = start + Math.max(60, 5 * interval) + 0.3;
    const frozen = { from, to: from + Math.max(50, 2 * interval + 5) };
    holds(await settled(from + 12, { frozen }));
    const thawed = await settled(frozen.to + 1, { frozen });
    holds(thawed);
    assert.equal(phaseOf(thawed), 2);
  });
}

const lab = await labOf(5);
const checkedAt = (now: number, state: State = {}): Promise<Judgement> => check(lab.readAt(now, state), lab.labAt(now));
const measuredAt = async (now: number, state: State = {}): Promise<Measured> => {
  const found = await measure(lab.readAt(now, state), lab.labAt(now));
  assert.ok(!isJudgement(found));
  return found;
};
const frozen = { from: start + 80.3, to: start + 130.3 };
const before = await measuredAt(start + 60);
const during = await measuredAt(start + 100, { frozen });
const after = await measuredAt(start + 165, { frozen });
const judged = (measured: Measured, change: Partial<Measured> = {}): Judgement => verdict({ ...measured, ...change });
const withQuerier = (measured: Measured, change: Partial<Measured['querier']>): Judgement =>
  judged(measured, { querier: { ...measured.querier, ...change } });
const phaseOf = (judgement: Judgement) => (judgement.kind === 'measured' ? judgement.phase : undefined);

test('it says what is doubled and what becomes of it', () => {
  const [truth, double, single, choice, difference, alert] = said(judged(before));
  assert.match(truth!, /12 instances counted \d+ requests \(truth: /);
  assert.match(
    double!,
    /^without deduplication there are 24 series, every sample of both replicas, and the fleet seems to/,
  );
  assert.match(single!, /^with it there are 12 series, one of each instance, and the fleet gets/);
  assert.match(
    choice!,
    /^every sample of the answer is one replica’s, .*: 72 samples, from 72 of replica-a and 72 of /,
  );
  assert.match(difference!, /none were taken of the same instance at the same time$/);
  assert.match(alert!, /^24 alerts fire at the replicas and 12 arrive, .* arrive 24 times$/);
});
test('it says who answers while one is frozen', () => {
  const [, survivor, warning] = said(judged(during));
  assert.match(survivor!, /^the answer is whole: 72 samples of 12 instances, every one of replica-a, and/);
  assert.match(
    warning!,
    /^it warns that replica-b does not answer; with partial_response=false it returns 422 instead/,
  );
});
test('it says what the freeze has cost', () => {
  const [happened, , choice, holes, cost] = said(judged(after));
  assert.match(happened!, /^what happened: replica-b scraped nothing from 22:14:\d\d to 22:15:3\d, 50 s$/);
  assert.match(choice!, /which one was predicted: /);
  assert.match(holes!, /^the longest gap in a series: 55 s at replica-b, 5 s at the other, 1\d s in the answer,/);
  assert.match(cost!, /^the increase of the answer is [\d.]+ requests, of replica-a alone [\d.]+, in \d+ s in which/);
});
test('each state is a phase, after which the next command is named', () => {
  assert.deepEqual(
    [before, during, after].map((each) => phaseOf(judged(each))),
    [0, 1, 2],
  );
});

test('a freeze that is at the end of what is read is measured, or not looked at any more', async () => {
  const long = await labOf(5, 1_000);
  for (const seconds of [940, 955, 965, 980]) {
    const now = start + seconds;
    holds(await check(long.readAt(now, { frozen }), long.labAt(now)));
  }
});

/** The same series, with the first one's fourth sample changed or left out. */
const oneWrong = (series: readonly Series[], change: (sample: Sample) => Sample[]): Series[] =>
  series.map((each, index) => {
    if (index > 0) return each;
    return { ...each, samples: each.samples.flatMap((sample, place) => (place === 3 ? change(sample) : [sample])) };
  });

test('an answer that is not as predicted fails', () => {
  for (const measured of [before, after]) {
    const { series } = measured.querier!;
    const changed = oneWrong(series, ([at, value]) => [[at, value + 0.5]]);
    failsOnly(withQuerier(measured, { series: changed }), /^every sample of the answer/);
    failsOnly(withQuerier(measured, { series: oneWrong(series, () => []) }), /^every sample of the answer/);
    failsOnly(
      withQuerier(measured, { series: oneWrong(series, (each) => [each, each]) }),
      /^every sample of the answer/,
    );
  }
});
test('the samples of the replica that is not meant fail', () => {
  const [, other] = before.pair;
  failsOnly(withQuerier(before, { series: countersOf(other!) }), /^every sample of the answer/);
});
test('sums that are not by arithmetic fail', () => {
  const { sum, doubled, increase, both } = before.querier;
  failsOnly(withQuerier(before, { sum: sum! + 1e-6 }), /^with it there are/);
  failsOnly(withQuerier(before, { doubled: doubled! + 1e-6 }), /^without deduplication/);
  failsOnly(withQuerier(before, { both: both.slice(1) }), /^without deduplication/);
  failsOnly(withQuerier(during, { sum: sum! }), /^the answer is whole/);
  failsOnly(withQuerier(after, { increase: increase! }), /^the increase of the answer/);
});
test('alerts that are lost or doubled fail', () => {
  failsOnly(judged(before, { firing: 12 }), /alerts fire at the replicas/);
  const more: Notification = { ...inboxOf(start)[0]!, labels: { instance: 'exporter:8000', seen_by: 'a' } };
  failsOnly(judged(before, { inbox: [...before.inbox!, more] }), /alerts fire at the replicas/);
});
test('an answer without a warning, or with a hole as long as the frozen one’s, fails', () => {
  failsOnly(withQuerier(during, { codeWhenWhole: 200 }), /^it warns/);
  failsOnly(withQuerier(during, { series: during.querier.series.slice(1) }), /^the answer is whole/);
  const hole = countersOf(after.pair[1]!);
  const failed = (judged(after, { querier: { ...after.querier, series: hole } }) as { findings: Claim[] }).findings;
  assert.equal(failed.find(({ claim }) => claim?.startsWith('the longest gap'))?.holds, false);
});
test('counters that are not what happened fail', () => {
  const [first, other] = before.pair;
  const members = first!.members.map((each, index) =>
    index > 0
      ? each
      : { ...each, requests: each.requests.map(([at, value], place): Sample => [at, value + 50 * place]) },
  );
  failsOnly(judged(before, { pair: [{ ...first!, members }, other!] }), /^what happened, and what was stored/);
});

test('it waits for what is still to come', async () => {
  waits(judged(before, { isSettled: false }), 1, /^a scrape that is being stored$/);
  const silent = { ...before.lab, exporter: undefined };
  waits(await check(lab.readAt(start + 60), silent), 2, /^the exporter to answer$/);
  waits(withQuerier(during, { warnings: 0 }), 2, /^the querier to miss replica-b$/);
  waits(withQuerier(before, { warnings: 1 }), 5, /^the querier to see both sidecars$/);
  waits(judged(before, { inbox: before.inbox!.slice(1) }), 10, /^the alerts of both replicas to arrive$/);
  // Thawed 2 s ago: 20 s after the first scrape that is seen, and 5 s until that is asked.
  const left = Math.ceil(after.freeze!.to + 20 + 5 - (start + 138));
  waits(await checkedAt(start + 131, { frozen }), 11, /^the first scrapes of replica-b, which goes on$/);
  waits(await checkedAt(start + 138, { frozen }), left, /^some scrapes after replica-b was thawed$/);
  const first = before.pair.map((each) => ({ ...each, members: each.members.slice(1) }));
  waits(judged(before, { pair: first }), 41, /^30 s of samples of each instance$/);
});
test('without the guide the alerts are left out', () => {
  const verdict = judged(before, { inbox: undefined });
  holds(verdict);
  assert.equal(said(verdict).length, 5);
});
test('a lab without replicas is sent to exp-18, and a querier that is away is to be started', async () => {
  sendsTo(await lab.settled(start + 60, { isWithoutReplicas: true }));
  sendsTo(await lab.settled(start + 60, { isQueryAway: true }), 'make start SERVICE=query');
});

test('a freeze is where no target at all was scraped', () => {
  const ups = (...times: number[]): Series => ({ labels: { __name__: 'up' }, samples: times.map((at) => [at, 1]) });
  const stored = [ups(0, 5, 10, 60, 65), ups(3, 8, 58, 63)];
  assert.deepEqual(freezeIn({ service: 'replica-a', stored }, 10), { service: 'replica-a', from: 10, to: 58 });
  assert.equal(freezeIn({ service: 'replica-a', stored }, 48), undefined);
  // One target alone was away.
  const one = [ups(0, 60), ups(3, 8, 13, 18, 23, 28, 33, 38, 43, 48, 53, 58)];
  assert.equal(freezeIn({ service: 'replica-a', stored: one }, 10), undefined);
  assert.equal(longestGap(stored), 50);
});

test('the replicas are named as compose.yaml has them', () => {
  const { services } = parse(readFileSync(new URL('compose.yaml', import.meta.url), 'utf8'));
  for (const { service, sidecar, replica } of replicas) {
    assert.equal(services[service].environment.REPLICA, replica);
    assert.ok(services[sidecar].command.includes(`--prometheus.url=http://${service}:9090`));
    assert.ok(services.query.command.includes(`--endpoint-strict=${sidecar}:10901`));
  }
  const rules = readFileSync(new URL('rules.yml', import.meta.url), 'utf8');
  for (const alert of Object.values(alerts)) assert.match(rules, new RegExp(`^ +- alert: ${alert}$`, 'm'));
});
