import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { freePort } from '../../test/support/ports.ts';
import { type Running, startService } from '../../test/support/processes.ts';
import { fetchDirect } from '../running/fetch.ts';

type Service = Running & { port: number };
let services: Record<'exporter' | 'guide', Service>;

before(async () => {
  const nowhere = `127.0.0.1:${await freePort()}`;
  const addresses = { EXPORTER_ADDRESS: nowhere, PROMETHEUS_ADDRESS: nowhere, ALERTMANAGER_ADDRESS: nowhere };
  const [exporter, guide] = await Promise.all([
    startService('exporter', { CLOCKS: 'on', HOST_NAMES: 'lab.example.org' }),
    startService('guide', { ...addresses, HOST_NAMES: 'lab.example.org' }),
  ]);
  services = { exporter, guide };
});
after(() => Promise.all(Object.values(services).map(({ stop }) => stop())));

const paths = {
  exporter: ['/metrics', '/truth', '/history', '/targets?job=my_app', '/wave', '/healthz', '/nothing'],
  guide: [
    '/',
    '/assets/main.js',
    '/api/notifications',
    '/api/exercises',
    '/alerts',
    '/api/solve',
    '/licences',
    '/healthz',
    '/nothing',
  ],
};
const methods = ['GET', 'HEAD', 'OPTIONS', 'POST'];

const ask = (
  service: keyof typeof paths,
  path: string,
  method: string,
  headers: Record<string, string>,
  body?: string,
) =>
  fetchDirect(`http://127.0.0.1:${services[service].port}${path}`, 10_000, { method, headers, ...(body && { body }) });

for (const service of ['exporter', 'guide'] as const) {
  test(`${service}: no route answers who calls it by another name, or a page of another origin`, async () => {
    for (const path of paths[service]) {
      for (const method of methods) {
        const what = `${method} ${path}`;
        const other = await ask(service, path, method, { host: 'evil.example' });
        assert.equal(other.status, 403, what);
        const foreign = await ask(service, path, method, { origin: 'https://evil.example' });
        assert.equal(foreign.status, 403, what);
        assert.equal(foreign.headers.get('access-control-allow-origin'), null, what);
        if (method === 'HEAD') continue;
        assert.match(await other.text(), /^Host must be localhost, .* got "evil\.example"\n$/, what);
        assert.match(
          await foreign.text(),
          /^Origin must be the page's own, got "https:\/\/evil\.example": .*\n$/,
          what,
        );
      }
    }
  });

  test(`${service}: its own names, and those of HOST_NAMES, are answered`, async () => {
    const { port } = services[service];
    for (const host of [
      `localhost:${port}`,
      `127.0.0.1:${port}`,
      `[::1]:${port}`,
      `${service}:${port}`,
      'lab.example.org',
    ]) {
      assert.equal((await ask(service, '/healthz', 'GET', { host })).status, 200, host);
    }
  });

  test(`${service}: HTTP/1.0 without a Host, as the health check of compose.yaml speaks it, is answered`, async () => {
    const socket = connect({ host: '127.0.0.1', port: services[service].port });
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.write('GET /healthz HTTP/1.0\r\n\r\n');
    await once(socket, 'close');
    assert.match(text, /^HTTP\/1\.[01] 200 OK\r\n/);
  });

  test(`${service}: "whatever you have is new enough" is no reason to send nothing`, async () => {
    for (const path of paths[service]) {
      const [plain, conditional] = await Promise.all(
        [{}, { 'if-none-match': '*' }].map((headers) => ask(service, path, 'GET', headers as Record<string, string>)),
      );
      assert.equal(conditional!.status, plain!.status, path);
      assert.notEqual(conditional!.status, 304, path);
    }
  });
}

test('the page itself asks with its own origin, and is answered', async () => {
  const host = `localhost:${services.guide.port}`;
  const headers = { host, origin: `http://${host}`, 'content-type': 'application/json' };
  const answer = await ask('guide', '/api/solve', 'POST', headers, '{}');
  assert.notEqual(answer.status, 403);
  assert.match(await answer.text(), /^(the body|experiment|EXPERIMENT|there is)/);
});

test('what a browser keeps by its ETag is still 304', async () => {
  const first = await ask('guide', '/assets/main.js', 'GET', {});
  const etag = first.headers.get('etag')!;
  assert.equal((await ask('guide', '/assets/main.js', 'GET', { 'if-none-match': etag })).status, 304);
});
