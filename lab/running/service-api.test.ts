import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { folderFor } from '../../test/support/folder.ts';
import { freePort } from '../../test/support/ports.ts';
import { serve } from '../../test/support/serve.ts';
import { createReader } from './api.ts';
import { placesFrom } from './places.ts';
import type { Service } from './service.ts';
import { serviceApi } from './service-api.ts';

const store: Service = { name: 'store:10902', of: 'step' };
const vector = { resultType: 'vector', result: [{ metric: { shard: '0' }, value: [7, '1'] }] };

test('what a service says is data, whatever it says', async (t) => {
  const address = await serve(t, (request, response) => {
    const url = new URL(request.url!, 'http://lab');
    const query = url.searchParams.get('query');
    if (query === 'whole') {
      return response
        .writeHead(422)
        .end(JSON.stringify({ status: 'error', errorType: 'execution', error: 'a shard is away' }));
    }
    if (query === 'none') return response.writeHead(503).end('not ready\n');
    response.end(JSON.stringify({ status: 'success', data: vector, warnings: ['a part is missing'] }));
  });
  const { answer, query, samples } = serviceApi({ name: 'query:10902', of: 'step' }, `http://${address}`);
  assert.deepEqual(await answer('query', { query: 'up', time: 7 }), {
    code: 200,
    status: 'success',
    warnings: ['a part is missing'],
    data: vector,
  });
  assert.deepEqual(await answer('query', { query: 'whole' }), {
    code: 422,
    status: 'error',
    warnings: [],
    data: undefined,
    error: 'a shard is away',
  });
  const silent = { code: 503, status: '', warnings: [], data: undefined, error: 'not ready' };
  assert.deepEqual(await answer('query', { query: 'none' }), silent);
  assert.deepEqual(await query('up'), [{ labels: { shard: '0' }, samples: [[7, 1]] }]);
  assert.deepEqual(await samples('up', 30, 7), [{ labels: { shard: '0' }, samples: [[7, 1]] }]);
});

test('a service that does not run has no answer', async () => {
  const closed = serviceApi(store, `http://127.0.0.1:${await freePort()}`);
  assert.equal(await closed.answer('query', { query: 'up' }), undefined);
  await assert.rejects(closed.query('up'), { kind: 'unreachable', message: /^store:10902 does not answer at http/ });
  const nowhere = serviceApi(store, undefined);
  assert.equal(await nowhere.answer('query'), undefined);
  await assert.rejects(nowhere.query('up'), { kind: 'unreachable', message: 'store:10902 does not run' });
});

test('a service is reached by its name, or where the native runtime has written down that it is', (t) => {
  assert.equal(placesFrom({}).reach('shard-a:9090'), 'http://shard-a:9090');
  assert.equal(placesFrom({ QUERY_PORT: '20902' }).query, 'http://localhost:20902');
  assert.equal(placesFrom({ QUERY_ADDRESS: 'query:10902' }).query, 'http://query:10902');
  assert.equal(placesFrom({ QUERY_PORT: '20902' }).reach('query:10902'), 'http://localhost:20902');
  const file = join(folderFor(t), 'state.json');
  const { reach } = placesFrom({ ADDRESSES_FILE: file });
  assert.equal(reach('shard-a:9090'), undefined, 'nothing was started');
  writeFileSync(file, JSON.stringify({ exporter: {}, 'shard-a': { at: { 'shard-a:9090': '127.0.0.1:10950' } } }));
  assert.equal(reach('shard-a:9090'), 'http://127.0.0.1:10950');
  assert.equal(reach('shard-a:9091'), undefined);
  assert.equal(reach('shard-b:9090'), undefined);
});

test('a check reads any service of the step that is on', async (t) => {
  const address = await serve(t, (_, response) => response.end(JSON.stringify({ status: 'success', data: vector })));
  const file = join(folderFor(t), 'state.json');
  writeFileSync(file, JSON.stringify({ 'shard-a': { at: { 'shard-a:9090': address } } }));
  const read = createReader(placesFrom({ ADDRESSES_FILE: file }));
  assert.deepEqual(await read.at('shard-a:9090').query('up'), [{ labels: { shard: '0' }, samples: [[7, 1]] }]);
});
