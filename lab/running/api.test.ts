import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { type TestContext, test } from 'node:test';
import { freePort } from '../../test/support/ports.ts';
import { serve } from '../../test/support/serve.ts';
import { createReader, observe } from './api.ts';
import { placesFrom } from './places.ts';
import { type FailureKind, ServiceError } from './service.ts';

/** A stand-in for all services at once: answers each path as it is set, and remembers what it was asked. */
const lab = async (t: TestContext, answers: Record<string, unknown>) => {
  const asked: URL[] = [];
  const address = await serve(t, (request, response) => {
    const url = new URL(request.url!, 'http://lab');
    asked.push(url);
    const answer = answers[url.pathname];
    if (typeof answer === 'function') return answer(response);
    if (answer === undefined) return response.writeHead(404).end('no such path');
    response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
  });
  const places = placesFrom({ PROMETHEUS_ADDRESS: address, EXPORTER_ADDRESS: address, GUIDE_ADDRESS: address });
  return { asked, address, places, read: createReader(places) };
};
const success = (data: unknown) => ({ status: 'success', data });
const path = '/api/v1/query';
const scalar = (value: number) => JSON.stringify(success({ resultType: 'scalar', result: [value, String(value)] }));

const failsAs = (kind: FailureKind, message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof ServiceError, `${error}`);
  assert.equal(error.kind, kind);
  assert.match(error.message, message);
  assert.doesNotMatch(error.message, /\n/);
  return true;
};

test('an instant query and a range of samples become series of numbers', async (t) => {
  const value = { metric: { a: 'b' }, value: [1_800_000_000.25, '+Inf'] };
  const values = {
    metric: {},
    values: [
      [1, '0.5'],
      [2, 'NaN'],
    ],
  };
  const { asked, read } = await lab(t, { [path]: success({ resultType: 'vector', result: [value, values] }) });
  assert.deepEqual(await read.query('up', 7), [
    { labels: { a: 'b' }, samples: [[1_800_000_000.25, Number.POSITIVE_INFINITY]] },
    {
      labels: {},
      samples: [
        [1, 0.5],
        [2, Number.NaN],
      ],
    },
  ]);
  await read.samples('up', 60.0004, 8);
  assert.deepEqual(
    asked.map(({ searchParams }) => [...searchParams.values()]),
    [
      ['up', '7'],
      ['up[60001ms]', '8'],
    ],
  );
});

test("a learner's query is answered by its type, and refused in Prometheus' own words", async (t) => {
  const answers: Record<string, unknown> = {};
  const { asked, read } = await lab(t, answers);
  const vector = { resultType: 'vector', result: [{ metric: { a: 'b' }, value: [5, '-Inf'] }] };
  answers[path] = success(vector);
  const series = [{ labels: { a: 'b' }, samples: [[5, Number.NEGATIVE_INFINITY]] }];
  assert.deepEqual(await read.ask('up', 5), { type: 'vector', series });
  assert.deepEqual(
    [...asked[0]!.searchParams],
    [
      ['query', 'up'],
      ['time', '5'],
      ['limit', '1000'],
    ],
  );
  answers[path] = success({ resultType: 'scalar', result: [5, '2'] });
  assert.deepEqual(await read.ask('2', 5), { type: 'scalar', series: [{ labels: {}, samples: [[5, 2]] }] });
  const words = `invalid parameter "query": 1:3: parse error: ${'long '.repeat(60)}`;
  answers[path] = (response: ServerResponse) =>
    response.writeHead(400).end(JSON.stringify({ status: 'error', errorType: 'bad_data', error: words }));
  assert.deepEqual(await read.ask('up(', 5), { refused: words });
  answers[path] = success({ resultType: 'novel', result: [] });
  await assert.rejects(read.ask('up', 5), failsAs('unintelligible', /is not Prometheus/));
});

test('the truth is asked for in whole seconds, and the first instance reports the others', async (t) => {
  const truth = { startedAt: 5, instants: [] };
  const { asked, read } = await lab(t, { '/truth': truth });
  assert.deepEqual(await read.truth(10.9, 20.1, { cores: 2 }), truth);
  await read.truth(1, 2, { instance: 3 });
  assert.deepEqual(
    asked.map(({ search }) => search),
    ['?from=10&to=20&cores=2', '?from=1&to=2&cores=0&instance=exporter:8002'],
  );
});

const refusing = (status: number, errorType: string, error: string) => (response: ServerResponse) =>
  response.writeHead(status).end(JSON.stringify({ status: 'error', errorType, error }));

const broken: [what: string, answer: unknown, kind: FailureKind, message: RegExp][] = [
  ['HTML', '<html><title>It works</title></html>', 'unintelligible', /is not Prometheus, or not all of it: <html>/],
  ['half of its JSON', '{"status":"success","data":{"resu', 'unintelligible', /not all of it: \{"status"/],
  ['nothing', '', 'unintelligible', /not all of it: nothing/],
  ['JSON of something else', { hello: 'world' }, 'unintelligible', /is not Prometheus.*hello/],
  ['data without a result', success({}), 'unintelligible', /is not Prometheus/],
  ['samples that are no pairs', success({ result: [{ metric: {}, value: 5 }] }), 'unintelligible', /: 5$/],
  [
    'that it does not take the query',
    refusing(400, 'bad_data', 'parse\nerror: x'),
    'refused',
    /^Prometheus answered 400 to http.*query=up: parse error: x$/,
  ],
  [
    'that the query ran out of time',
    refusing(503, 'timeout', 'query timed out in expression evaluation'),
    'slow',
    /^Prometheus gave up before it had the answer to http.*query=up: query timed out/,
  ],
  [
    '503 with a reason of its own',
    refusing(503, 'unavailable', 'no store'),
    'refused',
    /answered 503 to .*: no store$/,
  ],
  ['that it starts', (response: ServerResponse) => response.writeHead(503).end(), 'unreachable', /is not ready/],
  [
    'half of a body, and goes',
    (response: ServerResponse) => {
      response.writeHead(200, { 'Content-Length': '100' });
      response.write('{"status":');
      setTimeout(() => response.destroy(), 50);
    },
    'cut off',
    /broke its answer off/,
  ],
];
for (const [what, answer, kind, message] of broken) {
  test(`Prometheus that answers ${what}: ${kind}`, async (t) => {
    const { read } = await lab(t, { [path]: answer });
    await assert.rejects(read.query('up'), failsAs(kind, message));
  });
}

test('a query that takes too long is distinguished from a Prometheus that hangs', async (t) => {
  const { places } = await lab(t, {
    [path]: (response: ServerResponse) => {
      const query = new URL(response.req.url!, 'http://lab').searchParams.get('query');
      if (query === '1') response.end(JSON.stringify(success({ resultType: 'scalar', result: [5, '1'] })));
    },
  });
  const asked = createReader(places).query('count({__name__=~".+"})');
  await assert.rejects(asked, failsAs('slow', /^Prometheus answers, but not this within 5 s: .*count\(/));
  const hanging = await lab(t, { [path]: () => {} });
  await assert.rejects(
    hanging.read.query('up'),
    failsAs('unreachable', /^Prometheus does not answer at .*gave no answer/),
  );
});

test('where nothing listens the service is unreachable', async () => {
  const address = `127.0.0.1:${await freePort()}`;
  const read = createReader(placesFrom({ PROMETHEUS_ADDRESS: address, EXPORTER_ADDRESS: address }));
  await assert.rejects(read.query('up'), failsAs('unreachable', /^Prometheus does not answer at http:\/\/127/));
  await assert.rejects(read.truth(1, 2), failsAs('unreachable', /^the exporter does not answer/));
});

test('an exporter or a guide that is away is an answer, another program in its place is not', async (t) => {
  const gone = { GUIDE_ADDRESS: `127.0.0.1:${await freePort()}`, EXPORTER_ADDRESS: `127.0.0.1:${await freePort()}` };
  const away = createReader(placesFrom(gone));
  assert.equal(await away.notifications(), undefined);
  assert.equal(await away.causeNamedAt(), undefined);
  assert.deepEqual(await away.exporterMetrics(), []);
  const { read } = await lab(t, { '/api/notifications': '<html>', '/truth': { other: 1 } });
  await assert.rejects(read.notifications(), failsAs('unintelligible', /is not the guide/));
  await assert.rejects(read.truth(1, 2), failsAs('unintelligible', /is not the exporter/));
});

test('the guide knows when a cause was named last', async (t) => {
  const { read } = await lab(t, { '/api/search': { namedAt: 1_800_000_000, searches: [] } });
  assert.equal(await read.causeNamedAt(), 1_800_000_000);
});

const target = (instance: string, health: string) => ({
  labels: { job: 'my_app', instance },
  scrapeInterval: '1m30s',
  health,
  lastError: '',
  scrapeUrl: `http://${instance}/metrics`,
});
const running = {
  '/api/v1/targets': success({ activeTargets: [target('exporter:8001', 'down'), target('exporter:8000', 'up')] }),
  '/api/v1/rules': success({
    groups: [
      { interval: 60, rules: [] },
      { interval: 5, rules: [{ type: 'alerting', name: 'HighCPU', duration: 10, query: 'x > 1' }] },
    ],
  }),
  '/api/v1/status/config': success({
    yaml: 'global:\n  scrape_interval: 29s\nscrape_configs:\n- job_name: my_app\n  scheme: http\n- job_name: my_app_limited\n',
  }),
  [path]: (response: ServerResponse) => response.end(scalar(Date.now() / 1_000)),
  '/api/v1/status/runtimeinfo': success({ startTime: '2027-01-15T08:00:00.25Z' }),
  '/truth': { signal: 'random', seed: 7, startedAt: 1_800_000_000, coreCount: 3, instants: [] },
};

test('the state of the lab is read of its own exporter, whoever else is under the same job', async (t) => {
  const { places, read } = await lab(t, running);
  const { now, ...state } = await observe(places);
  assert.ok(now > 1_700_000_000);
  assert.deepEqual(state, {
    scrapeSeconds: 90,
    evaluationSeconds: 5,
    prometheusStartedAt: 1_800_000_000.25,
    exporter: { signal: 'random', seed: 7, startedAt: 1_800_000_000, cores: 3 },
    target: { health: 'up', lastError: '', scrapeUrl: 'http://exporter:8000/metrics' },
    jobConfig: 'job_name: my_app\n  scheme: http\n',
  });
  const sending = 'remote_write:\n- url: http://store:19291/api/v1/receive\n  name: lab\nscrape_configs: []\n';
  const elsewhere = await lab(t, { ...running, '/api/v1/status/config': success({ yaml: sending }) });
  assert.equal((await observe(elsewhere.places)).remoteWriteUrl, 'http://store:19291/api/v1/receive');
  const own = {
    labels: { job: 'own', instance: 'localhost:9100' },
    health: 'down',
    lastError: 'refused',
    scrapeUrl: 'x',
  };
  const beside = success({ activeTargets: [own, target('exporter:8000', 'up')] });
  const { places: withOwn } = await lab(t, { ...running, '/api/v1/targets': beside });
  const seen = await observe(withOwn);
  assert.deepEqual([seen.ownTarget, seen.target?.health], ['localhost:9100', 'up']);
  assert.deepEqual(await read.alertRule('HighCPU'), { forSeconds: 10, keepFiringSeconds: 0, query: 'x > 1' });
  assert.equal(await read.alertRule('Other'), undefined);
});

for (const [apart, words] of [
  [-3_600, /is 3600 s ahead of that of Prometheus/],
  [3_600, /is 3600 s behind that of Prometheus/],
] as const) {
  test(`a Prometheus whose clock is ${apart} s off is named, and not waited for`, async (t) => {
    const off = (response: ServerResponse) => response.end(scalar(Date.now() / 1_000 + apart));
    const { places } = await lab(t, { ...running, [path]: off });
    await assert.rejects(observe(places), failsAs('clock', words));
  });
}

test('the fleet and what it simulates are part of the state', async (t) => {
  const fleet = [{ instance: 'exporter:8000', job: 'my_app', seed: 7, simulates: ['deploy'] }];
  const { places } = await lab(t, { ...running, '/truth': { ...running['/truth'], fleet } });
  assert.deepEqual((await observe(places)).exporter?.fleet, fleet);
});

test('an exporter that an earlier version has started simulates nothing that is known by name', async (t) => {
  const fleet = [{ instance: 'exporter:8000', job: 'my_app', seed: 7, plays: ['deploy'] }];
  const { places } = await lab(t, { ...running, '/truth': { ...running['/truth'], fleet } });
  assert.deepEqual((await observe(places)).exporter?.fleet?.[0]?.simulates, []);
});

test('Thanos services that Prometheus scrapes are part of the state', async (t) => {
  const activeTargets = ['shard-a', 'query'].map((instance) => ({ labels: { job: 'thanos', instance } }));
  const { places } = await lab(t, { ...running, '/api/v1/targets': success({ activeTargets }) });
  assert.deepEqual((await observe(places)).thanos, ['shard-a', 'query']);
});

test('before the target is discovered the interval is the configured one', async (t) => {
  const { places } = await lab(t, { ...running, '/api/v1/targets': success({ activeTargets: [] }) });
  const { scrapeSeconds, target } = await observe(places);
  assert.deepEqual([scrapeSeconds, target], [29, undefined]);
});
