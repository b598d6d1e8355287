import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lastOutage, type Measured as Missing, verdict as missing } from '../01-missing-data/verdict.ts';
import { diagnose, nearestNames } from '../08-debugging/diagnosis.ts';
import { type Measured as Debugging, verdict as debugging } from '../08-debugging/verdict.ts';
import { every, failsOnly, holds, said, sendsTo, waits } from './verdicts.ts';

const start = 1_800_000_000;

const gone: Missing = {
  scrapeSeconds: 5,
  prometheusStartedAt: start - 600,
  applied: { step: 'exp-1', from: start + 11, to: start + 13 },
  up: every(5, start, [1, 1, 1, 0, 0]),
  gauge: every(5, start, [40, 50, 60]),
  seriesAfterStop: 0,
  lastError: 'connection refused',
  startedAt: undefined,
};

test('missing data: an outage under way is measured from its start', () => {
  holds(missing(gone));
  const [fall] = said(missing(gone));
  assert.match(fall!, /5 s after the last good scrape and 2 s to 4 s after the exporter stopped$/);
});
test('missing data: the return is measured too', () => {
  const back = { ...gone, up: every(5, start, [1, 1, 1, 0, 0, 1]), startedAt: start + 22 };
  holds(missing({ ...back, gauge: [...gone.gauge, [start + 25, 70]] }));
  assert.match(said(missing(back)).at(-1)!, /3 s after the exporter started/);
});
test('missing data: a value that outlives its target fails', () => {
  failsOnly(missing({ ...gone, seriesAfterStop: 1 }), /1 series in an instant query/);
});
test('missing data: a sample from the outage fails', () => {
  failsOnly(missing({ ...gone, gauge: [...gone.gauge, [start + 15, 1]] }), /nothing is made up/);
});
test('missing data: a fall that comes late fails', () => {
  const up = [...every(5, start, [1, 1]), ...every(5, start + 20, [0])];
  failsOnly(
    missing({ ...gone, up, gauge: every(5, start, [40, 50]), applied: undefined }),
    /15 s after the last good scrape/,
  );
});
test('missing data: before the first failed scrape it waits', () => {
  waits(missing({ ...gone, up: every(5, start, [1, 1, 1]) }), /first scrape that fails/);
});
test('missing data: a lab that was never without its exporter is sent to exp-1', () => {
  sendsTo(missing({ ...gone, up: every(5, start, [1, 1, 1]), startedAt: start - 60 }));
});
test('missing data: an outage that a restart of Prometheus blurs is not judged', () => {
  sendsTo(missing({ ...gone, prometheusStartedAt: start + 12 }), 'make up, then make exp-1');
});
test('missing data: the last outage is found among several', () => {
  assert.deepEqual(lastOutage(every(5, start, [1, 0, 1, 1, 0, 0, 1])), {
    good: start + 15,
    failed: start + 20,
    back: start + 30,
  });
  assert.equal(lastOutage(every(5, start, [0, 0, 1])), undefined);
});

const broken: Debugging = {
  target: {
    health: 'down',
    lastError: 'server returned HTTP status 404 Not Found',
    scrapeUrl: 'http://exporter:8000/metric',
  },
  scrapeSeconds: 5,
  missingSeries: 0,
  gauge: every(5, start, [40, 50, 60]),
  up: every(5, start, [1, 1, 1, 0, 0]),
  now: start + 21,
  names: ['up', 'cpu_usage_simulated', 'requests_total'],
  served: ['cpu_usage_simulated', 'requests_total'],
  tsdb: { series: 900, byMetric: [{ name: 'up', value: 2 }] },
};

test('debugging: the fault is named from what Prometheus says', () => {
  holds(debugging(broken));
  assert.match(said(debugging(broken))[4]!, /has no page \/metric: the scrape asks for the wrong path/);
});
test('debugging: a name that exists after all fails', () => {
  failsOnly(debugging({ ...broken, names: [...broken.names, 'fake_metric'] }), /Is the name right/);
});
test('debugging: a sample newer than the fault fails', () => {
  failsOnly(debugging({ ...broken, gauge: every(5, start, [1, 2, 3, 4]) }), /fresh sample/);
});
test('debugging: an exporter that does not serve the metric fails', () => {
  failsOnly(debugging({ ...broken, served: [] }), /Does the exporter serve it/);
});
test('debugging: a reason that the list does not know fails', () => {
  const target = { ...broken.target!, lastError: 'the moon is full' };
  failsOnly(debugging({ ...broken, target }), /So the fault is in the scrape/);
});
test('debugging: a healthy lab is sent to exp-8', () => {
  sendsTo(debugging({ ...broken, target: { ...broken.target!, health: 'up' } }));
});
test('debugging: a target that was not scraped yet is waited for', () => {
  waits(debugging({ ...broken, target: { ...broken.target!, health: 'unknown' } }), /first scrape/);
});

const reasons: [lastError: string, means: RegExp][] = [
  ['server returned HTTP status 404 Not Found', /wrong path/],
  ['server returned HTTP status 401 Unauthorized', /credentials/],
  ['server returned HTTP status 500 Internal Server Error', /exporter itself fails/],
  ['Get "http://x/metrics": dial tcp 127.0.0.1:1: connect: connection refused', /nothing listens/],
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
  test(`diagnosis: ${lastError}`, () => assert.match(diagnose(lastError, 'http://x/metrics'), means));
}

test('diagnosis: a misspelt name leads to the right one', () => {
  const known = ['up', 'cpu_usage_simulated', 'cpu_usage', 'requests_total'];
  assert.equal(nearestNames('cpu_usage_simulate', known)[0], 'cpu_usage_simulated');
  assert.equal(nearestNames('request_total', known)[0], 'requests_total');
  assert.deepEqual(nearestNames('fake_metric', known), []);
});
