import assert from 'node:assert/strict';
import { test } from 'node:test';
import { truth } from '../../exporter/src/truth.ts';
import { fleetFrom, start } from '../../exporter/test/worlds.ts';
import type { Sample } from '../../lab/promql/sample.ts';
import { eachFails, holds, labOf, said, sendsTo } from '../../test/lessons/verdicts.ts';
import type { Measured } from './findings.ts';
import { isLate, pointsOf, storySeconds } from './pushed.ts';
import { check, verdict } from './verdict.ts';

const fleet = fleetFrom({ DEVICES: 'prometheus:9090' });
const first = start + 12;
const { devices } = truth(fleet[0], fleet, { from: first, to: first + storySeconds - 1, step: 1 }, 0);
const names = ['steady', 'mixed', 'north', 'south', 'gone'];
const taken = devices!.requests.filter((request) => !request.isBad && !isLate(devices!, request));
const stored = Object.fromEntries(
  names.map((name) => [name, pointsOf(taken.filter(({ device }) => device === name))]),
) as Record<string, Sample[]>;
const full: Measured = {
  devices: devices!,
  stored,
  outOfOrder: 2,
  refused: { counted: 6, least: 6, most: 7 },
  shown: [
    { after: 299, value: 50 },
    { after: 300, value: undefined },
  ],
};
const judged = (change: Partial<Measured> = {}) => verdict({ ...full, ...change });
const storing = (name: string, change: (samples: Sample[]) => Sample[]) =>
  judged({ stored: { ...stored, [name]: change(stored[name]!) } });
const all = (name: string) => pointsOf(devices!.requests.filter(({ device }) => device === name));

test('a bad point and a late one lose all of their request, and a device that stops is shown for long', () => {
  holds(judged());
  const [happened, steady, mixed, late, counter, witness, shown] = said(judged());
  assert.match(happened!, /: steady 16, mixed 16, north 16, south 16 and gone 6, in 56 requests$/);
  assert.match(steady!, /: 16 points of steady, by value$/);
  assert.match(mixed!, /: 4 requests of mixed held one beside a good one, and 4 of 16 good ones are lost$/);
  assert.match(late!, /, 16 points in 2 requests, of which none is stored$/);
  assert.match(counter!, /says 2, and 16 are lost/);
  assert.match(witness!, /: 6 \(truth: 6 to 7\)$/);
  assert.match(shown!, /: 50 at 299 s, nothing at 300 s after its last point$/);
});
eachFails({
  'a point that is missing or wrong without a fault fails': [
    /^what is pushed in time/,
    storing('steady', (samples) => samples.slice(1)),
    storing('steady', (samples) => samples.map(([at], index) => [at, index])),
    storing('gone', (samples) => samples.map(([at, value]) => [at - 1, value])),
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
    judged({ refused: { ...full.refused, counted: 5 } }),
    judged({ refused: { ...full.refused, counted: 8 } }),
  ],
  'a device that is stale at once fails, and so does one that is shown for ever': [
    /^nothing marks/,
    judged({ shown: full.shown.map(({ after }) => ({ after, value: undefined })) }),
    judged({ shown: full.shown.map(({ after }) => ({ after, value: 50 })) }),
  ],
});
test('where no device pushes it is sent to its step', async () => sendsTo(await check({} as never, labOf())));
