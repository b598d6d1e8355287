import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Sending, sendingProblem, sendingWords } from '../sending.ts';

const url = 'http://store:19291/api/v1/receive';
const well: Sending = { url, ageSeconds: 10, refused: 0, refusedLately: 0 };

test('all is well where the newest sample that was taken is young, or Prometheus has just started', () => {
  assert.equal(sendingProblem(well, 5, 1_000), undefined);
  assert.equal(sendingProblem({ ...well, ageSeconds: 25 }, 5, 1_000), undefined);
  assert.equal(sendingProblem({ ...well, ageSeconds: 75 }, 30, 1_000), undefined);
  assert.equal(sendingProblem({ ...well, ageSeconds: undefined }, 5, 20), undefined);
  // It refused some long ago: settings that were put right.
  assert.equal(sendingProblem({ ...well, refused: 700 }, 5, 1_000), undefined);
});

test('a backend that does not answer is named, with the words of Prometheus', () => {
  assert.equal(
    sendingProblem({ ...well, ageSeconds: 42.4 }, 5, 1_000, 'connection refused'),
    `Prometheus has sent nothing to ${url} for 42 s, and keeps what waits. Does anything answer there? ` +
      'Prometheus says: connection refused',
  );
  assert.equal(
    sendingProblem({ ...well, ageSeconds: undefined }, 5, 60),
    `Prometheus has sent nothing to ${url} since it started, and keeps what waits. Does anything answer there? ` +
      'make logs says more',
  );
});

test('a backend that refuses is named, and what it will never get is counted', () => {
  assert.equal(
    sendingProblem({ ...well, refused: 4_635, refusedLately: 621 }, 5, 1_000, 'HTTP status 401 Unauthorized'),
    `${url} refuses what Prometheus sends: 4635 samples so far, which it will not be sent again. ` +
      'Are REMOTE_WRITE_URL, REMOTE_WRITE_USER and the password right? Prometheus says: HTTP status 401 Unauthorized',
  );
});

test('the last reason of a log is read, whatever stands before its lines and after', () => {
  const log = [
    'prometheus-1  | time=… level=INFO msg="Starting WAL watcher" component=remote remote_name=lab',
    'prometheus-1  | time=… level=WARN msg="Failed to send batch, retrying" component=remote err="Post \\"http://a:1/b\\": dial tcp: connection refused"',
    'prometheus-1  | time=… level=ERROR msg="non-recoverable error" component=remote err="server returned HTTP status 401 Unauthorized: no such user\\n"',
    'prometheus-1  | time=… level=WARN msg="Skipping resharding" component=remote remote_name=lab',
    'prometheus-1  | time=… level=ERROR msg="another matter" component=scrape err=EOF',
  ];
  assert.equal(sendingWords(log.join('\n')), 'server returned HTTP status 401 Unauthorized: no such user');
  assert.equal(sendingWords(log.slice(0, 2).join('\n')), 'Post "http://a:1/b": dial tcp: connection refused');
  assert.equal(sendingWords('time=… component=remote queue=lab err=EOF'), 'EOF');
  assert.equal(sendingWords(log[0]!), undefined);
  assert.equal(sendingWords(''), undefined);
});
