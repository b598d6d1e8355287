import assert from 'node:assert/strict';
import { test } from 'node:test';
import { every, labOf } from '../../test/lessons/verdicts.ts';
import type { Reader } from '../model/reader.ts';
import type { Sample, Series } from '../promql/sample.ts';
import { away } from '../simulator/backend.ts';
import { absencesIn, askedAt, inTime, sendingOf } from './remote-endpoint.ts';
import { prometheusBegan, sentUpTo, thanosBegan, thanosUp } from './remote-write.ts';

const start = 1_800_000_000;
const url = 'http://store:19291/api/v1/receive';
const lab = labOf({
  now: start + 300,
  remoteWriteUrl: url,
  exporter: { signal: 'random', seed: 1, startedAt: start, cores: 2 },
});

const of = (url: string, samples: readonly Sample[]): Series => ({ labels: { url }, samples: [...samples] });
const reader = (stored: Record<string, Series[]>, at: Reader['at'] = () => away): Reader =>
  ({ samples: async (selector: string) => stored[selector] ?? [], at }) as unknown as Reader;

/** Scrapes of itself every 5 s: a Prometheus of before, one that sends from second 20 on, one more from 100 on. */
const began: Series = {
  labels: {},
  samples: [
    ...every(5, start - 50, Array(13).fill(start - 900)),
    ...every(5, start + 25, Array(14).fill(start + 20)),
    ...every(5, start + 105, Array(30).fill(start + 100)),
  ],
};

test('samples count once the first Prometheus sends that began after the exporter; then every later one does', async () => {
  const stored = { [prometheusBegan]: [began], [sentUpTo]: [of(url, every(5, start + 25, Array(40).fill(1)))] };
  const { since, starts, sentUpTo: sent } = await sendingOf(reader(stored), lab);
  // A process knows its start to a second.
  assert.equal(since, start + 21);
  assert.deepEqual(starts, [
    { at: start + 20, lastSeen: start + 90 },
    { at: start + 100, lastSeen: start + 250 },
  ]);
  assert.equal(sent.length, 40);
});

test('what is sent elsewhere, or was before the exporter began, does not count', async () => {
  const other = of('http://localhost:8428/api/v1/write', every(5, start + 25, [1, 1]));
  const earlier = of(url, every(5, start - 50, [1, 1]));
  const stored = { [prometheusBegan]: [began], [sentUpTo]: [other] };
  assert.deepEqual(await sendingOf(reader(stored), lab), {
    since: undefined,
    starts: [],
    refused: [],
    dropped: [],
    retried: [],
    waiting: [],
    sentUpTo: [],
  });
  const before = { [prometheusBegan]: [began], [sentUpTo]: [earlier] };
  assert.equal((await sendingOf(reader(before), lab)).since, undefined);
});

test('an exporter that began again later has samples of its own from then on', async () => {
  const stored = { [prometheusBegan]: [began], [sentUpTo]: [of(url, every(5, start + 25, Array(40).fill(1)))] };
  const later = { ...lab, exporter: { ...lab.exporter!, startedAt: start + 60 } };
  assert.equal((await sendingOf(reader(stored), later)).since, start + 60.5);
});

test('absences count from the first sample that is sent', async () => {
  const up = { labels: {}, samples: every(5, start, [1, 0, 1, 1, 0, 1]) };
  const stored = { [thanosUp('store')]: [up], [thanosBegan('store')]: [] };
  assert.deepEqual(await absencesIn(reader(stored), lab, 'store', start + 10), [
    { lastSeen: start + 15, firstMissed: start + 20, lastMissed: start + 20, seenAgain: start + 25 },
  ]);
  assert.deepEqual(await absencesIn(reader(stored), lab, 'store'), []);
});

test('an answer that does not come in time is none, and any other failure is one', async () => {
  const failing = (kind: string) => Promise.reject(Object.assign(new Error(kind), { kind }));
  assert.equal(await inTime(Promise.resolve(1)), 1);
  for (const kind of ['unreachable', 'slow']) assert.equal(await inTime(failing(kind)), undefined);
  await assert.rejects(inTime(failing('unintelligible')), /unintelligible/);
});

test('everything is asked 15 s back, at a whole millisecond', () => {
  assert.equal(askedAt(labOf({ now: start + 0.123456 })), start - 14.877);
});
