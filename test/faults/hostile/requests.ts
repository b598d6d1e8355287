import type { Random } from '../random.ts';
import { anySolve } from './solve.ts';
import { anyText } from './values.ts';
import { anyWebhook } from './webhook.ts';
import type { Bytes } from './wire.ts';

export type ServiceName = 'exporter' | 'guide';

/** A request to be sent, and what may come back. */
export type HostileRequest = Bytes & {
  service: ServiceName;
  /** HTTP that any server reads: it has to be answered. All else may be answered or the connection closed. */
  isHttp: boolean;
  method: string;
  target: string;
};

const paths: Record<ServiceName, readonly string[]> = {
  exporter: ['/metrics', '/truth', '/history', '/targets', '/targets?job=my_app', '/healthz'],
  guide: [
    '/',
    '/assets/main.js',
    '/assets/main.css',
    '/api/state',
    '/api/picture',
    '/api/verdict',
    '/api/notifications',
    '/api/ask',
    '/api/exercises',
    '/api/search',
    '/api/solve',
    '/api/applied',
    '/api/targets',
    '/api/rules',
    '/api/on-call',
    '/api/backtest',
    '/api/alerts',
    '/licences',
    '/prometheus/api/v1/labels',
    '/prometheus/api/v1/label/__name__/values',
    '/prometheus/api/v1/series',
    '/prometheus/api/v1/metadata',
    '/prometheus/api/v1/query',
    '/prometheus/api/v1/../../api/v1/admin/tsdb/snapshot',
    '/prometheus/api/v1/label/..%2f..%2fadmin/values',
    '/healthz',
    '/alerts',
  ],
};

const methods = [
  'GET',
  'GET',
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
  'PURGE',
];
const parameters = [
  'from',
  'to',
  'step',
  'seconds',
  'experiment',
  'query',
  'as',
  'at',
  'match[]',
  '__proto__',
  'from[]',
  'to[a][b]',
  'x',
  '',
];
const numbers = [
  '0',
  '1',
  '60',
  '8',
  '0.000000001',
  '1800000000',
  '253402300799',
  '253402300700',
  '99999',
  '1e9',
  '-1',
];
const headerNames = ['X-Any', 'Accept', 'Accept-Encoding', 'Range', 'If-None-Match', 'If-Modified-Since', 'If-Match'];
const moreHeaderNames = ['Cookie', 'Origin', 'Referer', 'Forwarded', 'X-Forwarded-For', 'Upgrade', 'Authorization'];

/** @returns one request; the same choices give the same bytes */
export const anyRequest = (random: Random): HostileRequest => {
  const service = random.pick(['exporter', 'guide'] as const);
  if (random.chance(0.15)) return broken(random, service);
  if (service === 'exporter' || random.chance(0.5)) return wellFormed(random, service);
  return random.chance(0.5)
    ? posted(random, '/alerts', anyWebhook(random))
    : posted(random, '/api/solve', anySolve(random));
};

const wellFormed = (random: Random, service: ServiceName): HostileRequest => {
  const method = random.pick(methods);
  const target = anyTarget(random, service);
  const hasBody = ['POST', 'PUT', 'PATCH'].includes(method);
  const body = Buffer.from(hasBody ? anyText(random, 2_000) : '');
  const headers = anyHeaders(random);
  if (hasBody) headers.push(`Content-Length: ${body.length}`);
  return http(service, method, target, headers, [body]);
};

/** A body that is meant for this path, whole or in chunks, at times under a wrong type or name of a packing. */
const posted = (random: Random, path: string, text: string): HostileRequest => {
  const body = Buffer.from(text);
  const type = random.chance(0.9)
    ? 'application/json'
    : random.pick(['text/html', 'application/json; charset=klingon', 'multipart/form-data', '', 'application/json;;;']);
  const headers = [`Content-Type: ${type}`];
  if (random.chance(0.05)) headers.push(`Content-Encoding: ${random.pick(['gzip', 'br', 'klingon', 'deflate'])}`);
  if (random.chance(0.2)) {
    const chunked = Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n0\r\n\r\n')]);
    return http(
      'guide',
      'POST',
      path,
      [...headers, 'Transfer-Encoding: chunked'],
      body.length > 0 ? [chunked] : [Buffer.from('0\r\n\r\n')],
    );
  }
  headers.push(`Content-Length: ${body.length}`);
  const isSlow = random.chance(0.02);
  const parts = isSlow ? [body.subarray(0, 10), body.subarray(10, 20), body.subarray(20)] : [body];
  return { ...http('guide', 'POST', path, headers, parts), pauseMilliseconds: isSlow ? 300 : 0 };
};

const anyTarget = (random: Random, service: ServiceName): string => {
  if (random.chance(0.15)) return `/${random.chance(0.5) ? 'assets/' : ''}${escaped(anyText(random, 2_000), random)}`;
  const path = random.pick(paths[service]);
  const spelt = random.chance(0.1)
    ? random.pick([path.toUpperCase(), `${path}/`, `/${path}`, `${path}%00`, `/.${path}`])
    : path;
  if (random.chance(0.4)) return spelt;
  const pairs = Array.from({ length: random.pick([1, 1, 2, 3, 50]) }, () => {
    const value = random.chance(0.5) ? random.pick(numbers) : escaped(anyText(random, 100), random);
    return `${random.pick(parameters)}=${value}`;
  });
  return `${spelt}?${pairs.join('&')}`.slice(0, 8_000);
};

/** Mostly as a browser would escape it; sometimes with the escapes broken. Only characters that a request line may hold. */
const escaped = (text: string, random: Random): string => {
  const whole = encodeURIComponent(text.replaceAll(/[\ud800-\udfff]/g, '?')).slice(0, 4_000);
  return random.chance(0.2) ? whole.replaceAll('%', random.pick(['%%', '%z', '%c0%ae', ''])) : whole;
};

const anyHeaders = (random: Random): string[] =>
  Array.from({ length: random.pick([0, 1, 2, 5, 90]) }, (_, index) => {
    const name = random.chance(0.7)
      ? random.pick(headerNames)
      : `${random.pick(moreHeaderNames)}${index > 5 ? index : ''}`;
    const value = random.pick([
      '*/*',
      'gzip',
      'bytes=0-1',
      'bytes=99999999-',
      'bytes=a',
      '"x"',
      'websocket',
      '',
      '*',
      '<b>',
      'a'.repeat(100),
    ]);
    return `${name}: ${value}`;
  });

const http = (
  service: ServiceName,
  method: string,
  target: string,
  headers: string[],
  body: Buffer[],
): HostileRequest => {
  const head = [`${method} ${target} HTTP/1.1`, 'Host: 127.0.0.1', 'Connection: close', ...headers, '', ''].join(
    '\r\n',
  );
  return {
    service,
    isHttp: true,
    method,
    target,
    chunks: [Buffer.from(head, 'latin1'), ...body.filter(({ length }) => length > 0)],
    pauseMilliseconds: 0,
    isHalfClosed: false,
  };
};

/** What is not HTTP, or more of it than a server reads. */
const broken = (random: Random, service: ServiceName): HostileRequest => {
  const noise = () => Buffer.from(Array.from({ length: random.whole(1, 2_000) }, () => random.whole(0, 255)));
  const kinds: Record<string, () => Buffer> = {
    noise,
    'a request line without an end': () => Buffer.from(`GET /${'a'.repeat(random.whole(1, 70_000))}`),
    'an unknown version': () => Buffer.from(`GET /healthz HTTP/${random.pick(['9.9', '2.0', 'x', '0.9'])}\r\n\r\n`),
    'an unknown method': () =>
      Buffer.from(`${random.pick(['HACK', 'get', 'G E T', '\0'])} / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`),
    CONNECT: () => Buffer.from('CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'),
    'no host': () => Buffer.from('GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n'),
    'two lengths': () =>
      Buffer.from('POST /alerts HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello'),
    'a length and chunks': () =>
      Buffer.from(
        'POST /alerts HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n',
      ),
    'a negative length': () => Buffer.from('POST /alerts HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -1\r\n\r\n'),
    'a body cut short': () =>
      Buffer.from(
        'POST /alerts HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{"version":',
      ),
    'a chunk cut short': () =>
      Buffer.from(
        'POST /alerts HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nfff\r\n{',
      ),
    'a wrong chunk size': () =>
      Buffer.from('POST /alerts HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{'),
    'headers too large': () =>
      Buffer.from(
        `GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: ${'a'.repeat(random.whole(16_500, 200_000))}\r\n\r\n`,
      ),
    'too many headers': () =>
      Buffer.from(
        `GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n${'A: b\r\n'.repeat(random.whole(1_000, 5_000))}\r\n`,
      ),
    'a body that is too large': () =>
      Buffer.from(
        `POST ${random.pick(['/alerts', '/api/solve'])} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 1200000\r\n\r\n"${'x'.repeat(1_199_998)}"`,
      ),
    'a header with control characters': () =>
      Buffer.from('GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: a\u0001\u0000b\r\n\r\n'),
    'a header without a name': () => Buffer.from('GET /healthz HTTP/1.1\r\n: b\r\nHost: 127.0.0.1\r\n\r\n'),
    'lines that end in LF': () => Buffer.from('GET /healthz HTTP/1.1\nHost: 127.0.0.1\n\n'),
    'an expectation that nobody has': () =>
      Buffer.from('GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nExpect: miracles\r\n\r\n'),
    'a request after the request': () =>
      Buffer.concat([
        Buffer.from('GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'.repeat(random.whole(2, 20))),
        noise(),
      ]),
    'an upgrade': () =>
      Buffer.from('GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n'),
    'the beginning of TLS': () => Buffer.from('160301020001000100fc0303'.repeat(8), 'hex'),
    nothing: () => Buffer.alloc(0),
  };
  const kind = random.pick(Object.keys(kinds));
  const chunks = [kinds[kind]!()];
  return { service, isHttp: false, method: kind, target: '', chunks, pauseMilliseconds: 0, isHalfClosed: true };
};
