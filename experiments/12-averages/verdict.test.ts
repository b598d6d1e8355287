import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Judgement } from '../../lab/model/verdict.ts';
import type { Sample, Series } from '../../lab/promql/sample.ts';
import type { Window } from '../../lab/promql/window.ts';
import { every, failsOnly, holds, labOf, said, sendsTo, truthOf, waits } from '../../test/lessons/verdicts.ts';
import type { Answers, Member } from './findings.ts';
import { type Measured, verdict, windowOf } from './verdict.ts';

const start = 1_800_000_000;
const lab = labOf({
  now: start + 31,
  prometheusStartedAt: start - 600,
  exporter: { signal: 'random', seed: 1, startedAt: start, cores: 2 },
});
const instants = Array.from({ length: 26 }, (_, index) => start + 6 + index);
const edges = [0.025, 0.25, 0.5, 1];

/** What happens in a second: requests, and on each route those and its errors. */
type Simulated = { takes: number; light: [number, number]; heavy: [number, number] };

/** Scraped every 5 s at its own phase. All that it counts grows by as much in each second. */
const member = (number: number, phase: number, { takes, light, heavy }: Simulated): Member => {
  const instance = `exporter:${7_999 + number}`;
  const perSecond = light[0] + heavy[0];
  const failing = light[1] + heavy[1];
  const of = (name: string, labels: Record<string, string>, rate: number): Series => ({
    labels: { __name__: name, job: 'my_app', instance, ...labels },
    samples: every(
      5,
      start + phase,
      [0, 1, 2, 3, 4, 5].map((index) => rate * Math.floor(phase + 5 * index)),
    ),
  });
  const grown = (rate: number) => instants.map((at) => rate * (at - start));
  const bounds = [...edges, Number.POSITIVE_INFINITY];
  const under = (edge: number) => (takes <= edge ? perSecond : 0);
  return {
    instance,
    job: 'my_app',
    number,
    takesSeconds: takes,
    edges,
    requests: [],
    up: every(5, start + phase, [1, 1, 1, 1, 1, 1]),
    scrapeAt: (at) => ({ at, durationSeconds: 0.01 }),
    series: [
      ...bounds.map((edge) =>
        of('http_request_duration_seconds_bucket', { le: Number.isFinite(edge) ? `${edge}` : '+Inf' }, under(edge)),
      ),
      of('http_requests_total', { route: 'light', code: '200' }, light[0] - light[1]),
      of('http_requests_total', { route: 'light', code: '500' }, light[1]),
      of('http_requests_total', { route: 'heavy', code: '200' }, heavy[0] - heavy[1]),
      of('http_requests_total', { route: 'heavy', code: '500' }, heavy[1]),
      of('errors_total', { code: '500' }, failing),
      of('requests_total', {}, perSecond),
    ],
    truth: truthOf({
      instants,
      requestsPerSecond: instants.map(() => perSecond),
      requestsTotal: grown(perSecond),
      latency: {
        shares: [{ perMille: 1_000, seconds: takes }],
        buckets: edges,
        cumulative: bounds.map((edge) => grown(under(edge))),
        sumSeconds: [],
        durations: [],
      },
      errors: {
        total: grown(failing),
        bornAt: start,
        routes: [
          { route: 'light', requests: grown(light[0]), errors: grown(light[1]) },
          { route: 'heavy', requests: grown(heavy[0]), errors: grown(heavy[1]) },
        ],
      },
    }),
  };
};
// 90 : 10. Of each route fewer fail at the second, and of all more.
const members = [
  member(1, 1.5, { takes: 0.02, light: [80, 8], heavy: [10, 8] }),
  member(2, 1.5, { takes: 0.9, light: [2, 0], heavy: [8, 4] }),
];
const series = (labels: Record<string, string>, value: number): Series => ({ labels, samples: [[start, value]] });
const [first, second] = ['exporter:8000', 'exporter:8001'].map((instance) => ({ instance })) as [
  { instance: string },
  { instance: string },
];
const answers: Answers = {
  // 0.025 × 0.95, and 0.5 + 0.5 × 0.95.
  averageP95: [series({}, (0.02375 + 0.975) / 2)],
  pooledP95: [series({}, 0.75)],
  averageRatio: [series({}, (16 / 90 + 4 / 10) / 2)],
  pooledRatio: [series({}, 0.2)],
  ratios: [series(first, 16 / 90), series(second, 0.4)],
  routes: [
    series({ ...first, route: 'light' }, 0.1),
    series({ ...first, route: 'heavy' }, 0.8),
    series({ ...second, route: 'light' }, 0),
    series({ ...second, route: 'heavy' }, 0.5),
  ],
};
const window = windowOf(members, lab) as Window;
const full: Measured = { members, window, answers };
const judged = (change: Partial<Measured> = {}) => verdict({ ...full, ...change });
const answering = (change: Partial<Answers>) => judged({ answers: { ...answers, ...change } });

test('the averages are nobody’s, the pooled figures are right, and the routes turn', () => {
  holds(judged());
  const [happened, stored, average, pooled, ratio, fix, turn] = said(judged());
  assert.match(
    happened!,
    /^what happened: 2000 requests in the 20 s until .*, 90 % at exporter:8000, each in 0.02 s, and 10 % at exporter:8001, each in 0.9 s: 95 of 100 were answered within 0.9 s$/,
  );
  assert.match(stored!, /in 22 counters: .*exporter:8000 counted 1350 \(truth: 1350\) and exporter:8001 counted 150/);
  assert.match(average!, /\(0.0238 s and 0.975 s\) is 0.4994 s: no request/);
  assert.match(pooled!, /: 0.75 s, in the bucket of the 0.9 s/);
  assert.match(ratio!, /\(17.8 % and 40 %\) is 28.9 %/);
  assert.match(fix!, /: 20 %$/);
  assert.match(
    turn!,
    /\(light 0 % beside 10 %, heavy 50 % beside 80 %\), and in all more often \(40 % beside 17.8 %\)/,
  );
});
test('a counter that is not what happened fails', () => {
  const odd = members[1]!.series.map((each) =>
    each.labels.route === 'light' && each.labels.code === '200'
      ? { ...each, samples: each.samples.map(([at, value]): Sample => [at, at > start + 25 ? value + 1 : value]) }
      : each,
  );
  failsOnly(judged({ members: [members[0]!, { ...members[1]!, series: odd }] }), /^what was stored is right/);
});
test('an answer that is not what Prometheus computes from these samples fails', () => {
  failsOnly(answering({ averageP95: [series({}, 0.45)] }), /^the average of the 95th/);
  failsOnly(answering({ pooledP95: [series({}, 0.76)] }), /^the fix: the buckets/);
  failsOnly(answering({ averageRatio: [series({}, 0.289)] }), /^the average of the error ratios/);
  failsOnly(answering({ pooledRatio: [series({}, 0.201)] }), /^the fix: the errors of both/);
});
test('an average that some request took fails', () => {
  failsOnly(answering({ averageP95: [series({}, 0.7)] }), /^the average of the 95th/);
});
test('routes that do not turn fail', () => {
  const routes = answers.routes.map((each) =>
    each.labels.route === 'heavy' && each.labels.instance === 'exporter:8001' ? series(each.labels, 0.9) : each,
  );
  failsOnly(answering({ routes }), /^a ratio of all can turn/);
});

test('it waits until both have been scraped for 20 s', () => {
  const until = (now: number) =>
    windowOf(
      members.map((each) => ({ ...each, up: each.up.filter(([at]) => at <= start + now) })),
      { ...lab, now: start + now },
    ) as Judgement;
  const reason = /^3 scrapes of each instance, and 20 s of them$/;
  waits(until(1), 37, reason);
  waits(until(20), 6, reason);
});
test('a lab without two such instances is sent to exp-12', () => {
  sendsTo(windowOf([], lab) as Judgement);
  sendsTo(windowOf(members.slice(0, 1), lab) as Judgement);
});
