import assert from 'node:assert/strict';
import { test } from 'node:test';
import { awayOf, type Node, outageOf, sureHole, takesAgain } from './nodes.ts';

const node = (name: string, absence?: Node['absences'][number], samples: [number, number][] = []): Node => ({
  name,
  absences: absence ? [absence] : [],
  answers: true,
  alone: [{ labels: {}, samples }],
});
const first = node('receive-2', { lastSeen: 100, firstMissed: 105, lastMissed: 200, seenAgain: 205 });
const second = node('receive-3', { lastSeen: 150, firstMissed: 155, lastMissed: 180, seenAgain: 185 });

test('the one that left first is in front; one that was never away is not among them', () => {
  assert.deepEqual(
    awayOf([node('receive-1'), second, first]).map((each) => each.node.name),
    ['receive-2', 'receive-3'],
  );
  const between = node('receive-2', { lastSeen: 100, seenAgain: 160 });
  assert.deepEqual(awayOf([between]), []);
});

test('two that were away at once had no quorum', () => {
  const outage = outageOf(awayOf([first, second]))!;
  assert.equal(outage.second.node.name, 'receive-3');
  assert.deepEqual(outage.surely, { from: 155, to: 180 });
  assert.equal(outage.takenUntil, 140);
  assert.equal(outage.endedBy, 185);
});

test('one after the other is no outage, nor is one alone', () => {
  const later = node('receive-3', { lastSeen: 205, firstMissed: 210, lastMissed: 220, seenAgain: 225 });
  assert.equal(outageOf(awayOf([first, later])), undefined);
  assert.equal(outageOf(awayOf([first])), undefined);
});

test('the first surely lacks what two others took before the second left; the second nothing', () => {
  const [one, two] = awayOf([first, second]);
  const outage = outageOf([one!, two!]);
  assert.deepEqual(sureHole(one!, outage), { from: 105, to: 140 });
  assert.equal(sureHole(two!, outage).to, Number.NEGATIVE_INFINITY);
  assert.deepEqual(sureHole(one!, undefined), { from: 105, to: 190 });
});

test('it takes writes again once it has a sample of after its absence', () => {
  const [absent] = first.absences;
  assert.equal(takesAgain(awayOf([node('receive-2', absent, [[204, 1]])])[0]!), false);
  assert.equal(takesAgain(awayOf([node('receive-2', absent, [[206, 1]])])[0]!), true);
});
