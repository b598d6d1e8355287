import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { freePort } from '../../test/support/ports.ts';
import { serve } from '../../test/support/serve.ts';
import { createAsk } from '../src/ask/prometheus.ts';
import { parseQuestion, type Question } from '../src/ask/question.ts';
import { selectorsIn } from '../src/ask/selectors.ts';

const now = 1_795_466_410.5;
const placesAt = (prometheus: string) => ({ prometheus, reach: () => undefined });
const question = (fields: Partial<Question> = {}): Question => ({
  query: 'up',
  as: 'table',
  at: undefined,
  seconds: 120,
  stepSeconds: 1,
  ...fields,
});

/** A Prometheus that answers with the next of these, and remembers what it was asked. */
const prometheus = async (t: TestContext, ...replies: unknown[]) => {
  const asked: { path: string; parameters: Record<string, string> }[] = [];
  const address = await serve(t, async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    const [path = '', query = ''] = (request.url ?? '').split('?');
    asked.push({ path, parameters: Object.fromEntries(new URLSearchParams(body || query)) });
    const reply = replies.length > 1 ? replies.shift() : replies[0];
    response.end(typeof reply === 'string' ? reply : JSON.stringify(reply));
  });
  return { asked, address, ask: createAsk(placesAt(`http://${address}`), () => now, 0.3) };
};
const success = (resultType: string, result: unknown, more = {}) => ({
  status: 'success',
  data: { resultType, result },
  ...more,
});

test('a table is an instant query for now', async (t) => {
  const { ask, asked } = await prometheus(t, success('vector', [{ metric: { job: 'a' }, value: [now, '1'] }]));
  const answer = await ask.answer(question());
  assert.deepEqual(asked, [
    { path: '/api/v1/query', parameters: { query: 'up', timeout: '0.3s', limit: '1000', time: '1795466410.500' } },
  ]);
  const { tookSeconds, ...rest } = answer as typeof answer & { tookSeconds: number };
  assert.ok(tookSeconds >= 0);
  assert.deepEqual(rest, {
    kind: 'answered',
    type: 'vector',
    series: [{ labels: { job: 'a' }, samples: [[now, '1']] }],
    total: 1,
    isCounted: true,
    from: now,
    to: now,
    notes: [],
  });
});

test('a source is asked where it is, with what it always gets; what does not run is named', async (t) => {
  const { asked, address } = await prometheus(t, success('vector', []));
  const places = {
    prometheus: 'http://127.0.0.1:1',
    reach: (name: string) => (name === 'query:10902' ? `http://${address}` : undefined),
  };
  const ask = createAsk(places, () => now, 0.3);
  const source = { name: 'query, dedup=false', address: 'query:10902', parameters: { dedup: 'false' } };
  await ask.answer(question({ source }));
  await ask.answer(question({ source, as: 'samples', query: 'rate(up[1m])' }));
  assert.deepEqual(
    asked.map(({ parameters: { query, dedup } }) => [query, dedup]),
    [
      ['up', 'false'],
      ['rate(up[1m])', 'false'],
      ['up[180000ms]', 'false'],
    ],
  );
  const gone = { name: 'shard-a', address: 'shard-a:9090' };
  assert.deepEqual(await ask.answer(question({ source: gone })), { kind: 'failed', reason: 'shard-a does not run' });
});

test('a source that does not answer, or is none, is named', async (t) => {
  const { address } = await prometheus(t, 'hello');
  const places = {
    prometheus: 'http://127.0.0.1:1',
    reach: (name: string) => `http://${name === 'a:1' ? address : name}`,
  };
  const ask = createAsk(places, () => now, 0.3);
  const reason = async (source: { name: string; address: string }) => {
    const answer = await ask.answer(question({ source }));
    return answer.kind === 'failed' ? answer.reason : answer.kind;
  };
  assert.equal(await reason({ name: 'one', address: 'a:1' }), 'what answers is not one: "hello"');
  const nowhere = `127.0.0.1:${await freePort()}`;
  assert.match(await reason({ name: 'other', address: nowhere }), /^other does not answer: nothing listens there/);
});

test('a graph is a range query whose steps lie at whole multiples', async (t) => {
  const { ask, asked } = await prometheus(t, success('matrix', []));
  const answer = await ask.answer(question({ as: 'graph', seconds: 300, stepSeconds: 2 }));
  const { path, parameters } = asked[0]!;
  assert.equal(path, '/api/v1/query_range');
  assert.deepEqual([parameters.start, parameters.end, parameters.step], ['1795466110.000', '1795466410.000', '2.000']);
  assert.ok(answer.kind === 'answered');
  assert.deepEqual([answer.from, answer.to, answer.stepSeconds], [1_795_466_110, 1_795_466_410, 2]);
});

test('samples are those that the query can read: its window before the first value, and the range', async (t) => {
  const sample = success('matrix', [{ metric: { job: 'a' }, values: [[now - 1, '3']] }]);
  const { ask, asked } = await prometheus(t, success('vector', []), sample);
  const answer = await ask.answer(question({ as: 'samples', query: 'rate(a[1m] offset 10s)', seconds: 120 }));
  assert.deepEqual(
    asked.map(({ parameters: { query, time } }) => [query, time]),
    [
      ['rate(a[1m] offset 10s)', '1795466410.500'],
      ['a[180000ms]', '1795466400.500'],
    ],
  );
  assert.deepEqual(answer, {
    kind: 'samples',
    at: now,
    selectors: [
      {
        text: 'a',
        windowSeconds: 60,
        from: now - 190,
        to: now - 10,
        series: [{ labels: { job: 'a' }, samples: [[now - 1, '3']] }],
        total: 1,
        isCounted: true,
      },
    ],
  });
});

test('of many series 50 are passed on, and all are counted', async (t) => {
  const many = (count: number) =>
    success(
      'vector',
      Array.from({ length: count }, (_, core) => ({ metric: { core: String(core) }, value: [now, '1'] })),
      count === 1_000 ? { warnings: ['results truncated due to limit'] } : {},
    );
  const { ask } = await prometheus(t, many(180), many(1_000));
  const some = await ask.answer(question());
  assert.ok(some.kind === 'answered');
  assert.deepEqual([some.series.length, some.total, some.isCounted], [50, 180, true]);
  const countless = await ask.answer(question());
  assert.ok(countless.kind === 'answered');
  assert.deepEqual([countless.total, countless.isCounted, countless.notes], [1_000, false, []]);
});

test("a refused query is answered with Prometheus' own words, its warnings are passed on", async (t) => {
  const words = 'invalid parameter "query": 1:5: parse error: unexpected end of input';
  const infos = ['PromQL info: metric might not be a counter'];
  const { ask } = await prometheus(
    t,
    { status: 'error', errorType: 'bad_data', error: words },
    success('vector', [], { infos }),
  );
  assert.deepEqual(await ask.answer(question()), { kind: 'refused', words });
  const answer = await ask.answer(question());
  assert.deepEqual(answer.kind === 'answered' && answer.notes, infos);
});

test('values that are no numbers, scalars and native histograms arrive as text', async (t) => {
  const histogram = { metric: {}, histogram: [now, { count: '3', sum: '0.78', buckets: [] }] };
  const replies = [
    success('scalar', [now, '+Inf']),
    success('vector', [{ metric: {}, value: [now, 'NaN'] }]),
    success('vector', [histogram]),
  ];
  const { ask } = await prometheus(t, ...replies);
  const values: unknown[] = [];
  for (const _ of replies) {
    const answer = await ask.answer(question());
    values.push(answer.kind === 'answered' && answer.series[0]?.samples[0]?.[1]);
  }
  assert.deepEqual(values, ['+Inf', 'NaN', 'histogram of 3, sum 0.78']);
});

test('what takes too long is given up, and says so', async (t) => {
  const address = await serve(t, () => {});
  const ask = createAsk(placesAt(`http://${address}`), () => now, 0.1);
  assert.deepEqual(await ask.answer(question()), { kind: 'failed', reason: 'given up after 0.1 s' });
});

test('an answer that is too large is not read to its end', async (t) => {
  const { ask } = await prometheus(t, 'x'.repeat(8_000_001));
  const reason = 'the answer is larger than 8 MB: ask for fewer series or less time';
  assert.deepEqual(await ask.answer(question()), { kind: 'failed', reason });
});

test('without Prometheus, or with another program in its place, the reason is named', async (t) => {
  const nowhere = createAsk(placesAt(`http://127.0.0.1:${await freePort()}`), () => now);
  const gone = await nowhere.answer(question());
  assert.match(gone.kind === 'failed' ? gone.reason : '', /^Prometheus does not answer: nothing listens there/);
  const { ask } = await prometheus(t, '<h1>It works</h1>');
  assert.deepEqual(await ask.answer(question()), {
    kind: 'failed',
    reason: 'what answers is not Prometheus: "<h1>It works</h1>"',
  });
});

test('at most six queries are under way at once', async (t) => {
  const address = await serve(t, () => {});
  const ask = createAsk(placesAt(`http://${address}`), () => now, 0.1);
  const answers = await Promise.all(Array.from({ length: 7 }, () => ask.answer(question())));
  assert.deepEqual(
    answers.map((answer) => answer.kind === 'failed' && answer.reason.slice(0, 8)),
    [...Array(6).fill('given up'), 'too many'],
  );
});

const selectors: [query: string, found: [text: string, windowSeconds: number, offsetSeconds: number][]][] = [
  ['up', [['up', 300, 0]]],
  ['rate(a{b="c"}[1m])', [['a{b="c"}', 60, 0]]],
  [
    'rate(a[1m]) / rate(a[5m]) + a',
    [
      ['a', 60, 0],
      ['a', 300, 0],
    ],
  ],
  ['sum by (x) (rate(a[1m30s] offset 1h))', [['a', 90, 3_600]]],
  ['a offset -5m', [['a', 300, -300]]],
  ['max_over_time(rate(a[1m])[5m:5s] offset 10s)', [['a', 360, 10]]],
  ['a[250ms]', [['a', 0.25, 0]]],
  ['a[30]', [['a', 30, 0]]],
  ['1 + 1', []],
  ['"a[1m]"', []],
  ['rate(a[1m]', [['a', 60, 0]]],
  [')(', []],
];
for (const [query, found] of selectors) {
  test(`the selectors of ${query}`, () => {
    const read = selectorsIn(query).map(({ text, windowSeconds, offsetSeconds }) => [
      text,
      windowSeconds,
      offsetSeconds,
    ]);
    assert.deepEqual(read, found);
  });
}

test('a question needs its query alone', () => {
  assert.deepEqual(parseQuestion({ query: 'up' }), {
    query: 'up',
    as: 'graph',
    at: undefined,
    seconds: 120,
    stepSeconds: 1,
  });
  const all = { query: 'up', as: 'samples', at: '1795466410.5', seconds: '3600', step: '30' };
  assert.deepEqual(parseQuestion(all), { query: 'up', as: 'samples', at: now, seconds: 3_600, stepSeconds: 30 });
  assert.deepEqual(parseQuestion({ query: 'up', of: 'query, dedup=false' }).source, {
    name: 'query, dedup=false',
    address: 'query:10902',
    parameters: { dedup: 'false' },
  });
});

const sourceNames = 'query; query-plain; shard-a; shard-b; query, dedup=false; replica-a; replica-b';
const wrong: [parameters: Record<string, unknown>, sentence: string][] = [
  [{}, 'query must be PromQL of at most 4000 characters, got nothing'],
  [{ query: ' ' }, 'query must be PromQL of at most 4000 characters, got " "'],
  [{ query: ['a', 'b'] }, 'query must be PromQL of at most 4000 characters, got ["a","b"]'],
  [{ query: 'a'.repeat(4_001) }, `query must be PromQL of at most 4000 characters, got "${'a'.repeat(60)}…"`],
  [{ query: 'up', as: 'pie' }, 'as must be graph, table, samples or parts, got "pie"'],
  [{ query: 'up', at: 'now' }, 'at must be a number from 0 to 99999999999, got "now"'],
  [{ query: 'up', seconds: '86400' }, 'seconds must be a number from 1 to 3600, got "86400"'],
  [{ query: 'up', step: '0.1' }, 'step must be a number from 1 to 120, got "0.1"'],
  [{ query: 'up', step: '1e3' }, 'step must be a number from 1 to 120, got "1e3"'],
  [{ query: 'up', dedup: 'true' }, 'unknown parameter "dedup": use query, of, as, at, seconds, step'],
  [{ query: 'up', of: 'http://example.com' }, `of must be one of ${sourceNames}, got "http://example.com"`],
  [{ query: 'up', of: ['query', 'query'] }, `of must be one of ${sourceNames}, got ["query","query"]`],
];
for (const [parameters, sentence] of wrong) {
  test(`refused: ${sentence.slice(0, 80)}`, () => {
    assert.throws(() => parseQuestion(parameters), { message: sentence, status: 400 });
  });
}
