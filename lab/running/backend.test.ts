import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freePort } from '../../test/support/ports.ts';
import { serve } from '../../test/support/serve.ts';
import { createReader } from './api.ts';
import { backendFrom, describedAs, probe, QueryUrlError, secondBackend, serviceOf } from './backend.ts';
import { placesFrom } from './places.ts';

const named = (url: string, environment = {}) => backendFrom({ QUERY_URL: url, ...environment });
const problemOf = (url: string): string => {
  try {
    named(url);
  } catch (error) {
    assert.ok(error instanceof QueryUrlError);
    return error.message;
  }
  return 'none';
};

test('without QUERY_URL the lab itself is asked', () => {
  assert.equal(backendFrom({}), undefined);
  assert.equal(backendFrom({ QUERY_URL: '' }), undefined);
});

test('a backend is what comes before /api/v1, with its path and without its password in words', () => {
  assert.deepEqual(named('http://mimir:9009/prometheus/'), {
    url: 'http://mimir:9009/prometheus',
    name: 'http://mimir:9009/prometheus',
  });
  assert.deepEqual(named('https://me:secret@metrics.example/x'), {
    url: 'https://me:secret@metrics.example/x',
    name: 'https://metrics.example/x',
  });
});

test('what is no URL of an API is named, with what would be right', () => {
  const right = 'QUERY_URL must be an http or https URL such as http://localhost:8428, got';
  assert.equal(problemOf('localhost:8428'), `${right} "localhost:8428"`);
  assert.equal(problemOf('ftp://x'), `${right} "ftp://x"`);
  assert.equal(problemOf('http://x/?a=b'), `${right} "http://x/?a=b"`);
  assert.equal(
    problemOf('http://x:1/select/api/v1/query'),
    'QUERY_URL must be what comes before /api/v1, such as http://x:1/select, got "http://x:1/select/api/v1/query"',
  );
});

const inContainer = {
  LOCALHOST: 'host.docker.internal',
  PROMETHEUS_PORT: '9190',
  PROMETHEUS_ADDRESS: 'prometheus:9090',
  QUERY_PORT: '10902',
  QUERY_ADDRESS: 'query:10902',
};
for (const [given, asked] of [
  ['http://localhost:8428', 'http://host.docker.internal:8428'],
  ['http://127.0.0.1:9190', 'http://prometheus:9090'],
  ['http://localhost:10902/', 'http://query:10902'],
  ['http://victoria:8428', 'http://victoria:8428'],
] as const) {
  test(`in a container ${given} is asked as ${asked}`, () => assert.equal(named(given, inContainer)?.url, asked));
}

test('nothing that answers is said by name, and in a container where it has to listen', async () => {
  const url = `http://localhost:${await freePort()}`;
  await assert.rejects(probe(named(url)!), { message: `QUERY_URL: nothing answers at ${url}` });
  const elsewhere = named(url, { LOCALHOST: '127.0.0.1' })!;
  await assert.rejects(probe(elsewhere), {
    message: `QUERY_URL: nothing answers at ${url}; the lab's containers ask it as 127.0.0.1, so it has to listen there and not on localhost alone`,
  });
});

const vector = (value: string) =>
  JSON.stringify({
    status: 'success',
    data: { resultType: 'vector', result: [{ metric: {}, value: [1, value] }] },
  });

for (const [what, status, body] of [
  ['a page', 200, '<!doctype html>'],
  ['no such path', 404, 'not here'],
  ['a form of its own', 200, '{"status":"success","data":{"resultType":"streams","result":[]}}'],
  ['another value', 200, vector('2')],
] as const) {
  test(`an address that answers with ${what} is no Prometheus API`, async (t) => {
    const url = `http://${await serve(t, (_, response) => response.writeHead(status).end(body))}`;
    await assert.rejects(probe(named(url)!), (error) => error instanceof QueryUrlError && error.message.includes(url));
  });
}

test('VictoriaMetrics is known by what it says of itself, any other backend by its URL', async (t) => {
  const metrics = 'vm_app_version{version="v1.151.0", short_version="v1.151.0"} 1\n';
  const backend = named(`http://${await serve(t, (_, response) => response.end(metrics))}`)!;
  assert.equal(await describedAs(backend), 'VictoriaMetrics 1.151.0');
  const other = named(`http://${await serve(t, (_, response) => response.writeHead(404).end())}`)!;
  assert.equal(await describedAs(other), other.name);
});

test('the backend beside the lab is where the step has put it', () => {
  const url = 'http://127.0.0.1:10950';
  assert.deepEqual(secondBackend({ reach: (address) => (address === 'victoriametrics:8428' ? url : undefined) }), {
    url,
    name: 'the second backend',
  });
  assert.throws(() => secondBackend({ reach: () => undefined }), /make compare starts one/);
});

test('the backend beside the lab is not blamed on QUERY_URL, and a backend is never taken for the lab', async () => {
  const url = `http://127.0.0.1:${await freePort()}`;
  const ours = secondBackend({ reach: () => url });
  await assert.rejects(probe(ours), { message: 'nothing answers at the second backend' });
  assert.deepEqual(serviceOf(ours), { name: 'the second backend', of: 'step' });
  assert.deepEqual(serviceOf(named(url)!), { name: `the backend of QUERY_URL (${url})`, of: 'backend' });
});

test('queries, ranges and raw samples go to the backend; what the lab is comes from its Prometheus', async (t) => {
  const asked: string[] = [];
  const answering = (name: string) =>
    serve(t, (request, response) => {
      const { pathname, searchParams } = new URL(request.url!, 'http://x');
      asked.push(`${name} ${pathname}${searchParams.has('nocache') ? ' nocache' : ''}`);
      response.end(pathname.includes('label') ? '{"status":"success","data":["up"]}' : vector('1'));
    });
  const places = placesFrom({ PROMETHEUS_ADDRESS: await answering('lab') });
  const read = createReader(places, named(`http://${await answering('backend')}`));
  await read.query('up');
  await read.range('up', 1, 2, 1);
  await read.samples('up', 60, 2);
  await read.ask('up', 2);
  await read.metricNames();
  assert.deepEqual(asked, [
    'backend /api/v1/query nocache',
    'backend /api/v1/query_range nocache',
    'backend /api/v1/query nocache',
    'backend /api/v1/query nocache',
    'lab /api/v1/label/__name__/values',
  ]);
});
