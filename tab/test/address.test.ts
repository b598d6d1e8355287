import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPlace, searchOf } from '../page/address.ts';
import { usualKnobs, withWindow } from '../page/knobs.ts';

const lessons = ['up', 'exp-5', 'incident'];
const plain = {
  lesson: 'up',
  knobs: usualKnobs,
  begun: undefined,
  at: undefined,
  beside: undefined,
  incident: undefined,
};

test('an address without a word is the base lab', () => {
  assert.deepEqual(readPlace('', lessons), { place: plain, problems: [] });
});

test('what is written into the address is read from it', () => {
  const place = {
    lesson: 'exp-5',
    knobs: {
      signal: 'spikes' as const,
      seed: 7,
      scrapeSeconds: 30,
      phase: 0.5,
      timeoutSeconds: 2,
      evaluationSeconds: 15,
      windowSeconds: 60,
      forSeconds: 0,
    },
    begun: 1_800_000_000,
    at: 1_800_000_100,
    beside: 1,
    incident: undefined,
  };
  assert.deepEqual(readPlace(searchOf(place, null), lessons), { place, problems: [] });
  assert.equal(searchOf(plain, 'projector'), '?view=projector&lesson=up');
});

test('an incident is in the address: its seed, its level, and the scrape interval that its times follow', () => {
  const incident = { seed: 7, level: 2, scrapeSeconds: 5 } as const;
  const place = { ...plain, lesson: 'incident', incident };
  assert.equal(searchOf(place, null), '?lesson=incident&incident=7&level=2');
  const turned = { ...place, knobs: { ...usualKnobs, scrapeSeconds: 30 } };
  assert.equal(searchOf(turned, null), '?lesson=incident&scrape=30&incident=7&level=2&pace=5');
  for (const each of [place, turned]) {
    assert.deepEqual(readPlace(searchOf(each, null), lessons), { place: each, problems: [] });
  }
  const some = readPlace('?lesson=incident', lessons);
  assert.deepEqual(some.problems, []);
  assert.equal(some.place.incident?.level, 1);
  assert.deepEqual(readPlace('?lesson=incident&incident=-1&level=3', lessons).problems, [
    'incident must be a whole number from 0 to 2147483647, got "-1"',
    'level must be 1 or 2 (level 3 needs services that really fail: make incident LEVEL=3), got "3"',
  ]);
  assert.equal(readPlace('?lesson=exp-5&incident=7', lessons).place.incident, undefined);
});

test('what is wrong in the address is named and left out, and the rest counts', () => {
  const { place, problems } = readPlace('?lesson=exp-99&scrape=7&phase=2&seed=0&at=1800000000&beside=5', lessons);
  assert.deepEqual(place, { ...plain, beside: 5 });
  assert.deepEqual(problems, [
    'scrape must be 1, 2, 5, 10, 15, 30 or 60 seconds, got "7"',
    'phase must be a part of the interval from 0 to 0.95, got "2"',
    'seed must be a whole number from 1 to 9999, got "0"',
    'lesson must be a lesson, such as exp-5, got "exp-99"',
    'at must be an instant within 3 hours of from, in unix seconds, got "1800000000"',
  ]);
});

test('a window is put into range selectors and not into subqueries', () => {
  assert.equal(
    withWindow('rate(x[1m]) / max_over_time(rate(y[1h30m])[5m:15s])', 20),
    'rate(x[20s]) / max_over_time(rate(y[20s])[5m:15s])',
  );
  assert.equal(withWindow('rate(x[1m])', undefined), 'rate(x[1m])');
});
