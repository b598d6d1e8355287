import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { truth } from '../../exporter/src/truth.ts';
import { fleetFrom, start } from '../../exporter/test/worlds.ts';
import { increase } from '../../lab/promql/extrapolation.ts';
import type { Sample } from '../../lab/promql/sample.ts';
import { eachFails, holds, labOf, said, sendsTo } from '../../test/lessons/verdicts.ts';
import type { Measured } from './findings.ts';
import { isLate, pointsOf, recorded as recordedAtOnce, recordedLater, storySeconds } from './pushed.ts';
import { type Evaluations, offsetSeconds, type Recorded, visited } from './rule.ts';
import { type Stopped, stoppedIn } from './stopped.ts';
import { check, verdict } from './verdict.ts';

const fleet = fleetFrom({ DEVICES: 'prometheus:9090' });
const first = start + 12;
const { devices } = truth(fleet[0], fleet, { from: first, to: first + storySeconds - 1, step: 1 }, 0);
const names = ['steady', 'mixed', 'delta', 'north', 'south', 'patient', 'stopped', 'twins'];
const taken = devices!.requests.filter((request) => !request.isBad && !isLate(devices!, request));
const stored = Object.fromEntries(
  names.map((name) => [name, pointsOf(taken.filter(({ device }) => device === name))]),
) as Record<string, Sample[]>;
const stopped: Stopped = {
  shown: [
    { after: 299, value: 50 },
    { after: 300, value: undefined },
  ],
  absent: [
    { after: 4.5, absent: undefined, overTime: undefined },
    { after: 5.5, absent: undefined, overTime: 1 },
  ],
  devices: { at: first + 10.5, shown: 5, recent: 2, stored: 5, pushing: 2 },
};
const window = { at: first + storySeconds - 0.5, windowSeconds: storySeconds };
/** Evaluated 2.5 s and 5.5 s after the device has gone offline. */
const recordedAt = [first + 6.5, first + 9.5] as const;
const patientAt = (at: number, until = at) =>
  increase(
    stored.patient!.filter(([time]) => time < until),
    at,
    10,
  )!;
const rule = (offlineFrom?: number): Evaluations => ({
  samples: recordedAt.map((at) => [at, patientAt(at, offlineFrom)]),
  now: patientAt(recordedAt[1]),
  mayBeNone: false,
});
const recorded: Recorded = { from: first + 5, to: first + 10, atOnce: rule(first + 4), later: rule() };
const none: Evaluations = { samples: [], now: undefined, mayBeNone: false };
const full: Measured = {
  devices: devices!,
  stored,
  outOfOrder: 2,
  refused: { counted: 10, least: 10, most: 12 },
  increase: { ...window, answer: increase(stored.twins!, window.at, window.windowSeconds) },
  stopped,
  recorded,
};
const judged = (change: Partial<Measured> = {}) => verdict({ ...full, ...change });
const storing = (name: string, change: (samples: Sample[]) => Sample[]) =>
  judged({ stored: { ...stored, [name]: change(stored[name]!) } });
const ofStopped = (change: Partial<Stopped>) => judged({ stopped: { ...stopped, ...change } });
const ofRule = (change: Partial<Recorded>) => judged({ recorded: { ...recorded, ...change } });
const all = (name: string) => pointsOf(devices!.requests.filter(({ device }) => device === name));

test('a bad point and a late one lose all of their request, and a device that stops is shown for long', () => {
  holds(judged());
  const [happened, steady, mixed, delta, late, counter, ordered, witness, rule, later, writers, shown, counts, absent] =
    said(judged());
  assert.match(
    happened!,
    /: steady 16, mixed 16, north 16, south 16, patient 16, stopped 6, twins 16 and delta 4, in 84 requests$/,
  );
  assert.match(steady!, /: 16 points of steady, by value$/);
  assert.match(mixed!, /: 4 requests of mixed held one beside a good one, and 4 of 16 good ones are lost$/);
  assert.match(delta!, /: delta pushed 160 orders in 4 requests, of which none is stored$/);
  assert.match(late!, /, 16 points in 2 requests, of which none is stored$/);
  assert.match(counter!, /says 2, and 16 are lost/);
  assert.match(ordered!, / patient was offline as long, and none of its 8 late points is lost$/);
  assert.match(rule!, / it recorded 35 about 08:00:21, .* asked now says 95$/);
  assert.match(later!, / it recorded 95 about 08:00:21, and increase\(\) asked now says 95$/);
  assert.match(witness!, /: 10 \(truth: 10 to 12\)$/);
  assert.match(writers!, / says 8,928, of which 8,640 lie between the stored points \(truth: 280\)$/);
  assert.match(shown!, /: 50 at 299 s, nothing at 300 s after its last point$/);
  assert.match(counts!, / says 5 devices, and 2 had a point stored in the last 5 s \(truth: 2\)$/);
  assert.match(absent!, / says nothing of it at 5.5 s .* says nothing at 4.5 s and 1 at 5.5 s$/);
});
eachFails({
  'a point that is missing or wrong without a fault fails': [
    /^what is pushed in time/,
    storing('steady', (samples) => samples.slice(1)),
    storing('steady', (samples) => samples.map(([at], index) => [at, index])),
    storing('stopped', (samples) => samples.map(([at, value]) => [at - 1, value])),
  ],
  'a good point that is stored beside a bad one fails, and so does one that is missing elsewhere': [
    /^one bad point/,
    storing('mixed', () => all('mixed')),
    storing('mixed', (samples) => samples.slice(1)),
  ],
  'a late point that is stored fails': [
    /^what comes late/,
    storing('north', (samples) => [...samples, all('north')[4]!].sort(([one], [other]) => one - other)),
  ],
  'a counter that says what is lost fails, as does one that says nothing': [
    /^the counter of samples/,
    judged({ outOfOrder: 16 }),
    judged({ outOfOrder: 0 }),
    judged({ outOfOrder: undefined }),
  ],
  'a refused request that is not counted fails, and so does one too many': [
    /^what says so/,
    judged({ refused: { ...full.refused, counted: 9 } }),
    judged({ refused: { ...full.refused, counted: 13 } }),
  ],
  'a late point that is lost although it comes in order fails': [
    /^what comes late before/,
    storing('patient', (samples) => samples.filter(([at]) => at !== first + 8)),
    storing('patient', () => []),
  ],
  'a rule that recorded what is asked now fails, and so does one that recorded nothing': [
    /^a rule sees/,
    ofRule({ atOnce: recorded.later }),
    ofRule({ atOnce: { ...recorded.atOnce, now: 35 } }),
    ofRule({ atOnce: none }),
  ],
  'a rule that asks later and misses something fails, and so does one that recorded nothing': [
    /^a rule with a query_offset/,
    ofRule({ later: { ...recorded.later, samples: recorded.atOnce.samples } }),
    ofRule({ later: { ...recorded.later, now: undefined } }),
    ofRule({ later: none }),
  ],
  'a delta that is stored fails': [
    /^a counter that counts from point to point/,
    storing('delta', () => all('delta')),
    storing('delta', () => all('delta').slice(0, 1)),
  ],
  'a point of two processes that is missing fails, as does an increase that is not that of their points': [
    /^two processes/,
    storing('twins', (samples) => samples.slice(1)),
    storing('twins', (samples) => samples.filter(([, value]) => value < 1_000)),
    judged({ increase: { ...full.increase, answer: 280 } }),
    judged({ increase: { ...full.increase, answer: undefined } }),
  ],
  'a device that is stale at once fails, and so does one that is shown for ever': [
    /^nothing marks/,
    ofStopped({ shown: stopped.shown.map(({ after }) => ({ after, value: undefined })) }),
    ofStopped({ shown: stopped.shown.map(({ after }) => ({ after, value: 50 })) }),
  ],
  'a count that leaves out who has stopped fails, and so does one of the window that does not': [
    /^who has stopped/,
    ...[{ shown: 2 }, { shown: undefined }, { recent: 5 }, { recent: undefined }].map((change) =>
      ofStopped({ devices: { ...stopped.devices, ...change } }),
    ),
  ],
  'an absence that absent() sees fails, and so does one that the window does not see or sees too early': [
    /^absent\(\)/,
    ofStopped({ absent: stopped.absent.map((row) => ({ ...row, absent: 1 })) }),
    ofStopped({ absent: stopped.absent.map((row) => ({ ...row, overTime: undefined })) }),
    ofStopped({ absent: stopped.absent.map((row) => ({ ...row, overTime: 1 })) }),
  ],
});
test('the rules record what is asked now, one of them later', () => {
  const text = readFileSync(join(import.meta.dirname, 'rules.yml'), 'utf8');
  for (const name of [recordedAtOnce, recordedLater])
    assert.ok(text.includes(`- record: ${name}\n        expr: ${visited}\n`), name);
  assert.deepEqual(text.match(/query_offset: .*/g), [`query_offset: ${offsetSeconds}s`]);
});
test('where rules are evaluated too rarely for the gap, that is said and nothing is claimed', () => {
  const rare = { ...none, mayBeNone: true };
  holds(ofRule({ atOnce: rare, later: rare }));
  const [atOnce, later] = said(ofRule({ atOnce: rare, later: rare })).filter((words) => /^no evaluation/.test(words));
  assert.match(atOnce!, /^no evaluation of instance:device_visits:increase10s was about the 5 s /);
  assert.match(later!, /^no evaluation of instance:device_visits:increase10s_late was about the 5 s /);
});
test('what is asked of the device that has stopped is asked of its own last point', async () => {
  const asked: number[] = [];
  const query = async (_: string, at = 0) => {
    asked.push(at - first - 5);
    return [];
  };
  const { devices: counted } = await stoppedIn(devices!, { query });
  assert.deepEqual([...new Set(asked)], [299, 300, 4.5, 5.5]);
  assert.deepEqual([counted.stored, counted.pushing], [5, 2]);
});
test('where no device pushes it is sent to its step', async () => sendsTo(await check({} as never, labOf())));
