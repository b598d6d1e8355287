import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instructionsOf, nextManualSteps } from './manual-steps.ts';

test('the learner reads what to type, phase by phase, and when to measure', () => {
  const instructions = instructionsOf(
    [
      [
        { do: 'freeze', service: 'replica-a', says: 'one of two does nothing any more.' },
        { do: 'thaw', service: 'replica-a', says: 'it goes on.', afterSeconds: 45 },
      ],
      [{ do: 'kill', service: 'replica-b', says: 'the other one crashes.' }],
    ],
    18,
  );
  assert.deepEqual(instructions, [
    '`make check-18` first: it measures the state before the manual steps.',
    '`make freeze SERVICE=replica-a`: one of two does nothing any more.',
    '`make thaw SERVICE=replica-a`, 45 s later: it goes on. Then `make check-18` again.',
    '`make kill SERVICE=replica-b`: the other one crashes. Then `make check-18` again.',
  ]);
});

test('what comes next is a phase, step by step', () => {
  const phase = [
    { do: 'stop', service: 'store', says: 'it is away.' },
    { do: 'start', service: 'store', says: 'it is back.', afterSeconds: 40 },
  ] as const;
  assert.deepEqual(nextManualSteps({ scrapeSeconds: 5 }, phase), [
    'make stop SERVICE=store',
    '40 s later make start SERVICE=store',
  ]);
  assert.deepEqual(nextManualSteps({ scrapeSeconds: 5 }), []);
  // However rare they are, two scrapes have seen a step before the next one.
  assert.equal(nextManualSteps({ scrapeSeconds: 60 }, phase)[1], '125 s later make start SERVICE=store');
});
