import assert from 'node:assert/strict';
import { test } from 'node:test';
import { every } from '../../test/lessons/verdicts.ts';
import { absencesOf, isAway, startsOf } from './outages.ts';

test('a service is away from the first scrape that failed until it answers again', () => {
  const up = every(5, 100, [1, 1, 0, 0, 0, 1, 1]);
  assert.deepEqual(absencesOf(up, []), [{ lastSeen: 105, firstMissed: 110, lastMissed: 120, seenAgain: 125 }]);
});

test('what failed before it was ever seen is no absence', () => {
  assert.deepEqual(absencesOf(every(5, 100, [0, 0, 1, 1]), []), []);
});

test('it is away while no scrape has answered again', () => {
  const absences = absencesOf(every(5, 100, [1, 0, 1, 0, 0]), []);
  assert.deepEqual(absences, [
    { lastSeen: 100, firstMissed: 105, lastMissed: 105, seenAgain: 110 },
    { lastSeen: 110, firstMissed: 115, lastMissed: 120 },
  ]);
  assert.equal(isAway(absences), true);
  assert.equal(isAway(absences.slice(0, 1)), false);
  assert.equal(isAway([]), false);
});

test('a restart between two scrapes is an absence that no scrape missed', () => {
  const began = every(60, 100, [50, 50, 190, 190]);
  assert.deepEqual(absencesOf(every(60, 100, [1, 1, 1, 1]), began), [{ lastSeen: 160, seenAgain: 220 }]);
  assert.deepEqual(startsOf(began), [50, 190]);
});

test('one that failed and came back as another process is one absence', () => {
  const up = every(5, 100, [1, 0, 1, 1]);
  const began = [
    [100, 50],
    [110, 108],
    [115, 108],
  ] as const;
  assert.deepEqual(absencesOf(up, began), [{ lastSeen: 100, firstMissed: 105, lastMissed: 105, seenAgain: 110 }]);
});
