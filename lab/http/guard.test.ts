import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostNames, refusalOf } from './guard.ts';

const names = ['guide', 'lab.example.org'];
const status = (host: string | undefined, origin?: string) =>
  refusalOf({ ...(host !== undefined && { host }), ...(origin !== undefined && { origin }) }, names)?.status;

for (const host of [
  undefined,
  'localhost',
  'localhost:8080',
  'LOCALHOST:8080',
  'localhost.:8080',
  'my.localhost:8080',
  '127.0.0.1:8080',
  '127.1.2.3',
  '[::1]:8080',
  '192.168.0.7:8080',
  '[fe80::1]',
  'guide:8080',
  'Guide',
  'lab.example.org',
]) {
  test(`who calls the lab ${host ?? 'nothing'} is answered`, () => assert.equal(status(host), undefined));
}

for (const host of [
  'evil.example',
  'evil.example:8080',
  'evil.example.:8080',
  'localhost.evil.example',
  'notlocalhost',
  '127.0.0.1.evil.example',
  '1.2.3.4.5',
  'exporter:8000',
  'guide.evil.example',
]) {
  test(`who calls the lab ${host} is refused`, () => assert.equal(status(host), 403));
}

for (const host of ['', ' ', 'a b', 'a:b', 'a:', 'a/b', 'user@localhost', 'localhost:8080:1', '[::1', 'ü']) {
  test(`${JSON.stringify(host)} is no host`, () => assert.equal(status(host), 400));
}

const origins: [host: string | undefined, origin: string, status: number | undefined][] = [
  ['localhost:8080', 'http://localhost:8080', undefined],
  ['LOCALHOST:8080', 'http://localhost:8080', undefined],
  ['localhost', 'http://localhost', undefined],
  ['localhost', 'http://localhost:80', undefined],
  ['[::1]:8080', 'http://[::1]:8080', undefined],
  ['192.168.0.7:8080', 'http://192.168.0.7:8080', undefined],
  // A proxy that speaks TLS, and one that calls the lab localhost.
  ['lab.example.org', 'https://lab.example.org', undefined],
  ['localhost:8080', 'https://lab.example.org', undefined],
  ['localhost:8080', 'http://localhost:3000', 403],
  ['localhost:8080', 'http://127.0.0.1:8080', 403],
  ['localhost:8080', 'https://evil.example', 403],
  ['localhost:8080', 'http://localhost:8080.evil.example', 403],
  ['localhost:8080', 'http://localhost:8080/', 403],
  ['localhost:8080', 'file://localhost:8080', 403],
  ['localhost:8080', 'null', 403],
  ['localhost:8080', '', 403],
  [undefined, 'http://localhost:8080', 403],
];
for (const [host, origin, expected] of origins) {
  test(`a page of ${JSON.stringify(origin)} that asks ${host ?? 'nobody'} is ${expected ? 'refused' : 'answered'}`, () =>
    assert.equal(status(host, origin), expected));
}

test('a refusal is one sentence that names what came and what would be right', () => {
  assert.equal(
    refusalOf({ host: 'evil.example\n' }, names)?.sentence,
    String.raw`Host must be a host and a port, got "evil.example\n"`,
  );
  assert.equal(
    refusalOf({ host: 'evil.example' }, names)?.sentence,
    'Host must be localhost, an address, guide, lab.example.org or one of HOST_NAMES, got "evil.example"',
  );
  assert.equal(
    refusalOf({ host: 'localhost', origin: 'null' }, names)?.sentence,
    `Origin must be the page's own, got "null": other pages are not answered`,
  );
});

test('HOST_NAMES are names and nothing else', () => {
  assert.deepEqual(hostNames.parse('Lab.example.org,mymachine'), ['lab.example.org', 'mymachine']);
  for (const text of [
    '',
    '*',
    'a,',
    'a b',
    'a:8080',
    'http://a',
    '-a',
    'a-',
    '[::1]',
    'a\n',
    Array(21).fill('a').join(),
  ]) {
    assert.equal(hostNames.parse(text), undefined, JSON.stringify(text));
  }
});
