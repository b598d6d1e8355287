import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Absence } from '../../lab/evidence/outages.ts';
import { lossesOf as lossesFrom } from './loss.ts';

const lossesOf = (absences: readonly Absence[], starts: readonly number[], lastSeen: readonly number[]) =>
  lossesFrom(
    absences,
    starts.map((at, index) => ({ at, lastSeen: lastSeen[index]! })),
  );

const absence = { lastSeen: 100, firstMissed: 105, lastMissed: 140, seenAgain: 145 };

test('a restart in an absence loses what was scraped since the endpoint was down, and what waited then', () => {
  assert.deepEqual(lossesOf([absence], [10, 125], [120, 150]), [
    { restartedAt: 125, perhaps: { from: 90, to: 126 }, surely: { from: 105, to: 124 } },
  ]);
});

test('a restart while the store is there can lose what waited for its batch', () => {
  assert.deepEqual(lossesOf([absence], [10, 60], [58, 150]), [{ restartedAt: 60, perhaps: { from: 48, to: 61 } }]);
});

test('where the store may have been back before the restart, nothing is sure', () => {
  for (const close of [
    { ...absence, lastMissed: 120 },
    { lastSeen: 100, seenAgain: 145 },
    { ...absence, firstMissed: 130 },
  ])
    assert.equal(lossesOf([close], [10, 125], [120, 150])[0]!.surely, undefined);
});

test('what waits from an absence just before is lost as well', () => {
  const before = { lastSeen: 40, firstMissed: 45, lastMissed: 85, seenAgain: 90 };
  assert.equal(lossesOf([before, absence], [10, 125], [120, 150])[0]!.perhaps.from, 30);
  const earlier = { lastSeen: 1, firstMissed: 5, lastMissed: 30, seenAgain: 35 };
  assert.equal(lossesOf([earlier, absence], [0.5, 125], [120, 150])[0]!.perhaps.from, 90);
});

test('every restart in one absence loses', () => {
  assert.deepEqual(
    lossesOf([absence], [10, 115, 130], [112, 128, 150]).map(({ surely }) => surely),
    [
      { from: 105, to: 114 },
      { from: 105, to: 129 },
    ],
  );
});
