import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultBuckets } from '../../exporter/src/signals/latency.ts';
import type { Judgement } from '../../lab/model/verdict.ts';
import type { Sample, Series } from '../../lab/promql/sample.ts';
import type { Window } from '../../lab/promql/window.ts';
import { every, failsOnly, holds, labOf, said, sendsTo, truthOf, waits } from '../../test/lessons/verdicts.ts';
import type { Player } from './findings.ts';
import { type Measured, verdict, windowOf } from './verdict.ts';

const start = 1_800_000_000;
const lab = labOf({
  now: start + 31,
  prometheusStartedAt: start - 600,
  exporter: { signal: 'random', seed: 1, startedAt: start, cores: 2 },
});
const instants = Array.from({ length: 26 }, (_, index) => start + 6 + index);

/** Scraped every 5 s at its own phase; 4 requests a second, each of 0.26 s. */
const player = (number: number, phase: number, edges: readonly number[], change: Partial<Player> = {}): Player => {
  const instance = `exporter:${7_999 + number}`;
  const counts = [0, 1, 2, 3, 4, 5].map((index) => 4 * Math.floor(phase + 5 * index));
  const of = (name: string, labels: Record<string, string>, values: number[]): Series => ({
    labels: { __name__: `http_request_duration_seconds_${name}`, job: 'my_app', instance, ...labels },
    samples: every(5, start + phase, values),
  });
  const le = (edge: number) => (edge === Number.POSITIVE_INFINITY ? '+Inf' : `${edge}`);
  const bounds = [...edges, Number.POSITIVE_INFINITY];
  return {
    instance,
    job: 'my_app',
    number,
    takesSeconds: 0.26,
    edges,
    requests: [],
    up: every(5, start + phase, [1, 1, 1, 1, 1, 1]),
    scrapeAt: (at) => ({ at, durationSeconds: 0.01 }),
    series: [
      ...bounds.map((edge) => of('bucket', { le: le(edge) }, edge < 0.26 ? counts.map(() => 0) : counts)),
      of('count', {}, counts),
      of('sum', {}, counts),
    ],
    truth: truthOf({
      instants,
      requestsPerSecond: instants.map(() => 4),
      latency: {
        shares: [{ perMille: 1_000, seconds: 0.26 }],
        buckets: edges,
        cumulative: bounds.map((edge) => instants.map((at) => (edge < 0.26 ? 0 : 4 * (at - start)))),
        sumSeconds: [],
        durations: [],
      },
    }),
    ...change,
  };
};
const nativeSeries: Series[] = [{ labels: { __name__: 'http_request_duration_seconds' }, samples: [] }];
const players = [
  player(1, 1.5, defaultBuckets, { answer: 0.4875 }),
  player(2, 2.5, [0.1, 0.25, 0.26, 0.5], { answer: 0.2595 }),
  player(3, 3.5, [0.05, 0.1, 0.2], { answer: 0.2 }),
  player(4, 1.2, defaultBuckets, { job: 'my_app_native', series: nativeSeries, answer: 0.4875 }),
];
const window = windowOf(players, lab) as Window;
const full: Measured = { players, window, foundWithoutEdges: 0 };
const judged = (change: Partial<Measured> = {}) => verdict({ ...full, ...change });
const withPlayer = (index: number, change: Partial<Player>) =>
  judged({ players: players.map((each, at) => (at === index ? { ...each, ...change } : each)) });

test('0.26 s become 0.4875 s, 0.2595 s or 0.2 s, by the edges alone', () => {
  holds(judged());
  const [happened, stored, fault, none, fix, beyond, native] = said(judged());
  // Up to the last scrape of the instance that was scraped first: the scrapes at 6.2 s and later are stored.
  assert.match(happened!, /^what happened: 80 requests at exporter:8000 in the 20 s until .*each took 0.26 s$/);
  assert.match(stored!, /exporter:8000 counted 0 up to 0.25 s \(truth: 0\) and 60 up to 0.5 s \(truth: 60\)$/);
  assert.match(fault!, /percentile is 0.4875 s, .*: 0.25 \+ \(0.5 − 0.25\) × 0.95$/);
  assert.match(none!, /without the label `le`/);
  assert.match(fix!, /exporter:8001 has a boundary at 0.26 s, and says 0.2595 s/);
  assert.match(beyond!, /exporter:8002 has none over 0.2 s, and says 0.2 s of requests that take 0.26 s$/);
  assert.match(native!, /1 series instead of 14, and the same 0.4875 s/);
});
test('a Prometheus without the native job says so', () => {
  const without = judged({ players: players.slice(0, 3) });
  holds(without);
  assert.match(said(without).at(-1)!, /^left out: this Prometheus does not have the job my_app_native/);
});
test('buckets that are not what happened fail', () => {
  const series = players[0]!.series.map((each) => ({
    ...each,
    samples: each.samples.map(([at, value]): Sample => [at, at > start + 20 && value > 0 ? value + 5 : value]),
  }));
  failsOnly(withPlayer(0, { series }), /what was stored is right/);
});
test('an answer that is not what Prometheus computes from these samples fails', () => {
  failsOnly(withPlayer(0, { answer: 0.4876 }), /the 95th percentile is/);
  failsOnly(withPlayer(1, { answer: 0.25 }), /^the fix/);
  failsOnly(withPlayer(2, { answer: 0.19 }), /^beyond the last boundary/);
  failsOnly(withPlayer(3, { answer: 0.26 }), /^as a native histogram/);
});
test('an answer without edges fails', () => {
  failsOnly(judged({ foundWithoutEdges: 1 }), /without the label `le`/);
});
test('a native histogram of more than one series fails', () => {
  failsOnly(withPlayer(3, { series: players[0]!.series }), /^as a native histogram/);
});

test('it waits until each instance has been scraped for 20 s', () => {
  const until = (now: number) =>
    windowOf(
      players.map((each) => ({ ...each, up: each.up.filter(([at]) => at <= start + now) })),
      { ...lab, now: start + now },
    ) as Judgement;
  const reason = /^3 scrapes of each instance, and 20 s of them$/;
  waits(until(1), 37, reason);
  waits(until(4), 22, reason);
  waits(until(20), 6, reason);
});
test('a lab without such requests is sent to exp-11', () => {
  sendsTo(windowOf([], lab) as Judgement);
  sendsTo(windowOf([players[1]!], lab) as Judgement);
});
