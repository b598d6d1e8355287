import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerFrom, timeFrom } from './answer.ts';

/** 14:30:00 UTC */
const now = 1_800_023_400;

const times: [text: string, at: number | undefined][] = [
  ['14:05:10', now - 1_490],
  ['14:05', now - 1_500],
  ['2m ago', now - 120],
  ['1m30s ago', now - 90],
  ['23:59:00', now - 52_260],
  [`${now - 5}`, now - 5],
  ['25:00', undefined],
  ['ago', undefined],
  ['2 minutes ago', undefined],
  ['-5', undefined],
];
for (const [text, at] of times) test(`"${text}" is ${at ?? 'no time'}`, () => assert.equal(timeFrom(text, now), at));

test('any part may be left out, and an empty one is', () => {
  assert.deepEqual(answerFrom({ INSTANCE: 'exporter:8001', CAUSE: '', LOST: '12' }, now), {
    INSTANCE: 'exporter:8001',
    LOST: 12,
  });
});

const bad: [typed: Record<string, unknown>, says: RegExp][] = [
  [{}, /^an answer has at least one of INSTANCE, CAUSE, SINCE, UNTIL, LOST$/],
  [{ INSTANCE: 'exporter:9000' }, /^INSTANCE must be exporter:8000, .* or monitoring, got "exporter:9000"$/],
  [{ CAUSE: 'gremlins' }, /^CAUSE must be errors, route, .* or [a-z-]+, got "gremlins"$/],
  [{ SINCE: 'noon' }, /^SINCE must be a time of day in UTC such as 14:05:10, or one such as "2m ago", got "noon"$/],
  [{ LOST: '-3' }, /^LOST must be a number of requests, 0 or more, got "-3"$/],
  [{ LOST: 3 }, /^LOST must be/],
  [{ SINCE: '1m ago', UNTIL: '2m ago' }, /^UNTIL must not be before SINCE$/],
  [{ SINCE: 'x', LOST: 'y' }, /^SINCE must be .*\nLOST must be /],
];
for (const [typed, says] of bad) {
  test(`${JSON.stringify(typed)} is refused by name`, () =>
    assert.throws(() => answerFrom(typed, now), { message: says }));
}
