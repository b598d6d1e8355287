import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import express from 'express';
import { fetchDirect } from '../../lab/running/fetch.ts';
import { createAsk } from '../src/ask/prometheus.ts';
import { addAskRoutes } from '../src/ask/routes.ts';
import { type Listening, listen } from '../src/listen.ts';

/** What Prometheus was asked, as it stood in the request line. */
const asked: string[] = [];
let prometheus: Listening;
let guide: Listening;

before(async () => {
  const answer = JSON.stringify({ status: 'success', data: ['up'] });
  prometheus = await listen(
    (request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.end(answer);
    },
    '127.0.0.1',
    0,
  );
  const app = express();
  addAskRoutes(
    app,
    createAsk({ prometheus: `http://127.0.0.1:${prometheus.port}`, reach: () => undefined }, () => 0),
  );
  guide = await listen(app, '127.0.0.1', 0);
});
after(() => Promise.all([prometheus.close(0), guide.close(0)]));

const get = async (path: string, method = 'GET') => {
  asked.length = 0;
  const response = await fetchDirect(`http://127.0.0.1:${guide.port}${path}`, 5_000, { method });
  return { status: response.status, text: await response.text() };
};

const passedOn: [path: string, asked: string][] = [
  ['labels', 'labels?limit=2000'],
  ['labels?start=1&end=2', 'labels?start=1&end=2&limit=2000'],
  ['label/__name__/values', 'label/__name__/values?limit=2000'],
  ['series?match%5B%5D=up', 'series?match%5B%5D=up&limit=2000'],
  ['metadata', 'metadata?limit=2000'],
];
for (const [path, question] of passedOn) {
  test(`completion is answered as by Prometheus: ${path}`, async () => {
    const { status, text } = await get(`/prometheus/api/v1/${path}`);
    assert.deepEqual([status, text], [200, '{"status":"success","data":["up"]}']);
    assert.deepEqual(asked, [`GET /api/v1/${question}`]);
  });
}

const kept = [
  '/prometheus/api/v1/query?query=up',
  '/prometheus/api/v1/status/config',
  '/prometheus/api/v1/status/flags',
  '/prometheus/api/v1/targets',
  '/prometheus/api/v1/rules',
  '/prometheus/api/v1/admin/tsdb/delete_series?match[]=up',
  '/prometheus/api/v1/label/../status/config',
  '/prometheus/api/v1/label/%2e%2e/values',
  '/prometheus/api/v1/label/a%2f..%2f../values',
  '/prometheus/api/v1/labels/',
  '/prometheus/api/v1//labels',
  '/prometheus/-/quit',
  '/prometheus/metrics',
  '/prometheus',
];
for (const path of kept) {
  test(`nothing of it reaches Prometheus: ${path}`, async () => {
    const { status } = await get(path);
    assert.deepEqual([status >= 400, asked], [true, []]);
  });
}

test('no other method reaches Prometheus', async () => {
  for (const method of ['POST', 'PUT', 'DELETE']) {
    assert.equal((await get('/prometheus/api/v1/series?match[]=up', method)).status, 404);
    assert.equal((await get('/api/ask?query=up', method)).status, 404);
    assert.deepEqual(asked, []);
  }
});

const refused = [
  '/prometheus/api/v1/labels?limit=999999',
  '/prometheus/api/v1/series?match[]=up&stats=all',
  `/prometheus/api/v1/series?match[]=${'a'.repeat(4_001)}`,
  `/prometheus/api/v1/series?${'match[]=a&'.repeat(11)}`,
  '/api/ask',
  '/api/ask?query=up&timeout=1h',
];
for (const path of refused) {
  test(`refused: ${path.slice(0, 70)}`, async () => {
    assert.deepEqual([(await get(path)).status, asked], [400, []]);
  });
}
