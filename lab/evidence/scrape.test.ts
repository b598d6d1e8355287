import assert from 'node:assert/strict';
import { test } from 'node:test';
import { busyOf, couldHaveGrown, couldHaveSeen, cpuOf, requestsOf, scrapesIn, secondsMet, spikesOf } from './scrape.ts';

const start = 1_800_000_000;
const truth = {
  instants: [0, 1, 2, 3, 4, 5].map((second) => start + second),
  cpuPercent: [100, 0, 90, 95, 10, 85],
  requestsPerSecond: [3, 5, 7, 2, 4, 6],
};

test('a scrape well within a second saw the value of that second', () => {
  assert.deepEqual(couldHaveSeen(cpuOf(truth), { at: start + 1.4, durationSeconds: 0.01 }), [0]);
  assert.deepEqual(couldHaveSeen(requestsOf(truth), { at: start + 2.4, durationSeconds: 0.01 }), [7]);
});
test('a slow scrape may have met any second until its end', () => {
  assert.deepEqual(couldHaveSeen(cpuOf(truth), { at: start + 1.4, durationSeconds: 2 }), [0, 90, 95]);
});
test('at the edge of a second 5 ms count for both sides', () => {
  assert.deepEqual(couldHaveSeen(cpuOf(truth), { at: start + 1.996, durationSeconds: 0 }), [0, 90]);
  assert.deepEqual(couldHaveSeen(cpuOf(truth), { at: start + 2.004, durationSeconds: 0 }), [0, 90]);
  assert.deepEqual(couldHaveSeen(cpuOf(truth), { at: start + 2.006, durationSeconds: 0 }), [90]);
  assert.deepEqual(secondsMet({ at: start + 1.9, durationSeconds: 0.2 }), [start + 1, start + 2]);
});
test('a counter may have grown by a second more or less at either end, if the scrape may have met it', () => {
  const scrape = (second: number, durationSeconds = 0.01) => ({ at: start + second, durationSeconds });
  assert.deepEqual(couldHaveGrown(requestsOf(truth), scrape(1.4), scrape(4.4)), [14, 14]);
  assert.deepEqual(couldHaveGrown(requestsOf(truth), scrape(0.9, 0.2), scrape(4.4)), [14, 17]);
  assert.deepEqual(couldHaveGrown(requestsOf(truth), scrape(1.4), scrape(3.9, 0.2)), [12, 14]);
  assert.deepEqual(couldHaveGrown(requestsOf(truth), scrape(1.2), scrape(1.4)), [0, 0]);
});
test('a spike is a rise over the threshold between one second and the next', () => {
  assert.deepEqual(spikesOf(truth), { firstSecond: start + 1, values: [0, 1, 0, 0, 1] });
  assert.deepEqual(busyOf(truth).values, [1, 0, 0.9, 0.95, 0.1, 0.85]);
});
test('a sample and its scrape have the same time', () => {
  const scrapeAt = scrapesIn([[start + 0.25, 0.02]]);
  assert.deepEqual(scrapeAt(start + 0.25), { at: start + 0.25, durationSeconds: 0.02 });
  assert.deepEqual(scrapeAt(start + 5), { at: start + 5, durationSeconds: 0 });
});
test('a truth that does not reach far enough is an error, not a pass', () => {
  assert.throws(() => couldHaveSeen(cpuOf(truth), { at: start + 6.1, durationSeconds: 0 }), RangeError);
  assert.throws(() => couldHaveSeen(cpuOf(truth), { at: start + 0.001, durationSeconds: 0 }), RangeError);
  assert.throws(
    () =>
      couldHaveGrown(spikesOf(truth), { at: start + 0.5, durationSeconds: 0 }, { at: start + 3, durationSeconds: 0 }),
    /must reach from second 1800000000/,
  );
});
