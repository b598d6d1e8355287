import assert from 'node:assert/strict';
import { get, type IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { createSite, type Site } from '../src/site.ts';
import { servePage } from './served-page.ts';

const wasm = Buffer.from('the engine, as it is compiled');
const site: Site = new Map([
  ['index.html', Buffer.from('<!doctype html>')],
  ['main-ABCDEF01.js', Buffer.from('start()')],
  ['main-ABCDEF01.js.br', brotliCompressSync('start()')],
  ['service-worker.js', Buffer.from('keep()')],
  ['promql-ABCDEF02.wasm.gz', gzipSync(wasm)],
  ['promql-ABCDEF02.wasm.br', brotliCompressSync(wasm)],
]);
const engine = 'promql-ABCDEF02.wasm';

/** fetch() would unpack what it gets. */
const sentAs = (url: string, encodings: string): Promise<{ response: IncomingMessage; body: Buffer }> =>
  new Promise((resolve, reject) =>
    get(url, { headers: { 'accept-encoding': encodings } }, async (response) =>
      resolve({ response, body: Buffer.concat(await response.toArray()) }),
    ).on('error', reject),
  );

test('where the lab in a tab has been built the guide serves it at /tab/', async (t) => {
  const guide = await servePage(t, { site: async () => site });

  await t.test('/tab leads there, and the page is asked for each time', async () => {
    const response = await fetch(`${guide}/tab`);
    assert.equal(response.url, `${guide}/tab/`);
    assert.equal(await response.text(), '<!doctype html>');
    assert.match(response.headers.get('content-type')!, /^text\/html/);
    assert.equal(response.headers.get('cache-control'), 'no-cache');
  });

  await t.test('what has its content in its name is kept for good, the service worker is not', async () => {
    const cacheOf = async (name: string) => (await fetch(`${guide}/tab/${name}`)).headers.get('cache-control');
    assert.equal(await cacheOf('main-ABCDEF01.js'), 'public, max-age=31536000, immutable');
    assert.equal(await cacheOf(engine), 'public, max-age=31536000, immutable');
    assert.equal(await cacheOf('service-worker.js'), 'no-cache');
  });

  await t.test('the engine comes packed as the browser takes it', async () => {
    for (const [accepted, encoding, unpack] of [
      ['gzip, deflate, br', 'br', brotliDecompressSync],
      ['gzip, deflate', 'gzip', gunzipSync],
      ['identity', undefined, (body: Buffer) => body],
    ] as const) {
      const { response, body } = await sentAs(`${guide}/tab/${engine}`, accepted);
      assert.equal(response.headers['content-encoding'], encoding, accepted);
      assert.equal(response.headers['content-type'], 'application/wasm');
      assert.match(String(response.headers.vary), /Accept-Encoding/);
      assert.deepEqual(unpack(body), wasm, accepted);
    }
  });

  await t.test('a script comes packed where the browser takes that', async () => {
    const packed = await sentAs(`${guide}/tab/main-ABCDEF01.js`, 'gzip, br');
    assert.equal(packed.response.headers['content-encoding'], 'br');
    assert.equal(brotliDecompressSync(packed.body).toString(), 'start()');
    const plain = await sentAs(`${guide}/tab/main-ABCDEF01.js`, 'identity');
    assert.equal(plain.body.toString(), 'start()');
    assert.match(plain.response.headers['content-type']!, /javascript/);
  });

  await t.test('an engine may be compiled there and nowhere else, and no text is run as a script', async () => {
    const scriptsOf = async (path: string) =>
      /script-src ([^;]*)/.exec((await fetch(guide + path)).headers.get('content-security-policy')!)![1];
    assert.equal(await scriptsOf('/tab/'), "'self' 'wasm-unsafe-eval'");
    assert.equal(await scriptsOf('/tab/service-worker.js'), "'self' 'wasm-unsafe-eval'");
    assert.equal(await scriptsOf('/'), "'self'");
    assert.equal(await scriptsOf('/api/notifications'), "'self'");
  });

  await t.test('a file that it has not is not found', async () => {
    assert.equal((await fetch(`${guide}/tab/other.js`)).status, 404);
    assert.equal((await fetch(`${guide}/tab/`, { method: 'POST' })).status, 405);
  });
});

test('elsewhere /tab/ says what is missing and how to get it', async (t) => {
  const guide = await servePage(t, { site: async () => undefined });
  const response = await fetch(`${guide}/tab/`);
  assert.equal(response.status, 404);
  assert.match(await response.text(), /has not been compiled on this machine.*make site/s);
});

test('the lab in a tab is made once, and again where it could not be made', async () => {
  const answers = [undefined, new Error('no space'), site, new Error('made twice')];
  const made = createSite(async () => {
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  });
  assert.equal(await made(), undefined);
  await assert.rejects(made(), /no space/);
  assert.deepEqual(await Promise.all([made(), made()]), [site, site]);
  assert.equal(await made(), site);
});
