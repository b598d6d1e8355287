import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diagnose, nearestNames } from './diagnosis.ts';

const reasons: [lastError: string, means: RegExp][] = [
  ['server returned HTTP status 404 Not Found', /wrong path/],
  ['server returned HTTP status 401 Unauthorized', /credentials/],
  ['server returned HTTP status 500 Internal Server Error', /exporter itself fails/],
  ['Get "http://x/metrics": dial tcp 127.0.0.1:1: connect: connection refused', /nothing listens/],
  ['Get "https://x/metrics": http: server gave HTTP response to HTTPS client', /wrong scheme/],
  ['dial tcp: lookup exporter on 127.0.0.11:53: no such host', /does not resolve/],
  ['Get "http://x/metrics": context deadline exceeded', /time-out/],
  ['received unsupported Content-Type "text/html"', /not in a format/],
  ['net/http: malformed HTTP response "SSH-2.0-OpenSSH_9.2"', /not HTTP: the wrong port/],
  ['unexpected EOF', /breaks the connection off/],
  ['Get "http://x/metrics": EOF', /breaks the connection off/],
  ['read tcp 127.0.0.1:2->127.0.0.1:1: read: connection reset by peer', /breaks the connection off/],
  ['data does not end with # EOF', /ends with a line # EOF/],
  ['Get "http://x/timeout?EOF": dial tcp 127.0.0.1:1: connect: connection refused', /nothing listens/],
  ['Get "http://x/timeout": EOF', /breaks the connection off/],
  ['expected value after metric, got "INVALID"', /not valid exposition/],
];
for (const [lastError, means] of reasons) {
  test(lastError, () => assert.match(diagnose(lastError, 'http://x/metrics')?.means ?? '', means));
}

test('a misspelt name leads to the right one', () => {
  const known = ['up', 'cpu_usage_simulated', 'cpu_usage', 'requests_total'];
  assert.equal(nearestNames('cpu_usage_simulate', known)[0], 'cpu_usage_simulated');
  assert.equal(nearestNames('request_total', known)[0], 'requests_total');
  assert.deepEqual(nearestNames('fake_metric', known), []);
});
test('a cause that the list does not know is none', () => {
  assert.equal(diagnose('the moon is full', 'http://x/metrics'), undefined);
});
