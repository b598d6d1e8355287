import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { repository } from '../../scripts/host/repository.ts';
import { freePort } from '../../test/support/ports.ts';
import { serve } from '../../test/support/serve.ts';
import { fetchDirect } from './fetch.ts';

const urlOf = async (t: TestContext, listener: RequestListener) => `http://${await serve(t, listener)}`;

test('no proxy of the process is taken', async (t) => {
  const url = await urlOf(t, (_, response) => void response.end('here'));
  // Where NODE_USE_ENV_PROXY puts its own: the built-in fetch() sends everything through it.
  const place = Symbol.for('undici.globalDispatcher.1');
  const kept = (globalThis as Record<symbol, unknown>)[place];
  const proxy = {
    dispatch: () => {
      throw new Error('went to the proxy');
    },
  };
  Object.assign(globalThis, { [place]: proxy });
  t.after(() => Object.assign(globalThis, { [place]: kept }));
  await assert.rejects(fetch(url), ({ cause }: Error) => (cause as Error).message === 'went to the proxy');
  assert.equal(await (await fetchDirect(url, 2_000)).text(), 'here');
});

test('the answer is as fetch() gives it: status, headers, body', async (t) => {
  const url = await urlOf(t, (request, response) => {
    response.writeHead(404, { 'Content-Type': 'text/plain', 'X-Asked': `${request.method} ${request.url}` });
    response.end('not here');
  });
  const answer = await fetchDirect(`${url}/a?b=c`, 2_000);
  assert.deepEqual([answer.status, answer.ok, answer.headers.get('x-asked')], [404, false, 'GET /a?b=c']);
  assert.equal(await answer.text(), 'not here');
});

test('a body is sent, and an answer without one is read', async (t) => {
  let received = '';
  const url = await urlOf(t, async (request, response) => {
    received = Buffer.concat(await request.toArray()).toString();
    response.writeHead(204).end();
  });
  assert.equal((await fetchDirect(url, 2_000, { method: 'POST', body: '{"a":1}' })).status, 204);
  assert.equal(received, '{"a":1}');
});

test('what never answers, and what never ends its answer, is given up', async (t) => {
  const silent = await urlOf(t, () => {});
  await assert.rejects(fetchDirect(silent, 100), {
    failure: 'silent',
    message: 'it took the question and gave no answer within 0.1 s',
  });
  const endless = await urlOf(t, (_, response) => void response.write('more'));
  await assert.rejects(fetchDirect(endless, 100), { failure: 'silent', message: /no whole answer/ });
});

test('a hundred questions at once wait for their turn, and their time begins with it', async (t) => {
  let now = 0;
  let most = 0;
  const url = await urlOf(t, (_, response) => {
    most = Math.max(most, ++now);
    setTimeout(() => {
      now -= 1;
      response.end('here');
    }, 300);
  });
  // All of them take longer than any of them may.
  const answers = await Promise.all(Array.from({ length: 100 }, () => fetchDirect(url, 1_500)));
  assert.ok(answers.every(({ ok }) => ok));
  assert.ok(most <= 20, `${most} at once`);
});

test('what hangs on a connection that is used again has taken the question', async (t) => {
  const url = await urlOf(t, ({ url: path }, response) => {
    if (path === '/quick') response.end();
  });
  const quick = Array.from({ length: 100 }, () => fetchDirect(`${url}/quick`, 5_000));
  await assert.rejects(fetchDirect(`${url}/hang`, 200), { failure: 'silent' });
  await Promise.all(quick);
});

test('a body that is too large is not read to its end', async (t) => {
  const endless = await urlOf(t, (_, response) => {
    const more = setInterval(() => response.write('x'.repeat(1_000)), 1);
    response.on('close', () => clearInterval(more));
  });
  await assert.rejects(fetchDirect(endless, 5_000, { mostBytes: 10_000 }), { failure: 'too large' });
});

test('where nothing listens, and where what listens says nothing or no HTTP, the error says which', async (t) => {
  const nobody = fetchDirect(`http://127.0.0.1:${await freePort()}`, 2_000);
  await assert.rejects(nobody, { failure: 'unreachable', message: /^nothing listens there/ });
  const closing = await urlOf(t, (request) => void request.socket.destroy());
  await assert.rejects(fetchDirect(closing, 2_000), { failure: 'unreachable', message: /closed without an answer/ });
  const other = await urlOf(t, ({ socket }) => void socket.end('220 mail.example ESMTP\r\n'));
  await assert.rejects(fetchDirect(other, 2_000), { failure: 'not HTTP' });
});

test('an answer that is cut short is an error', async (t) => {
  const url = await urlOf(t, (_, response) => {
    response.writeHead(200, { 'Content-Length': 100 });
    response.write('ten', () => response.destroy());
  });
  await assert.rejects(fetchDirect(url, 2_000), { failure: 'cut off' });
});

test('nothing that calls a service of the lab uses the built-in fetch()', () => {
  const files = ['lab', 'guide/src', 'scripts'].flatMap((folder) =>
    readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => join(repository, folder, name)),
  );
  const callers = files.filter((file) => /(?<![.\w])fetch\((?!\))/.test(readFileSync(file, 'utf8')));
  assert.deepEqual(callers, []);
});
