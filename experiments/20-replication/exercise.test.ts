import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectedOf } from '../../test/lessons/services.ts';
import { expectationOf } from '../../test/lessons/verdicts.ts';
import { exercises } from './exercise.ts';
import { nodeNames } from './nodes.ts';

/**
 * @param up      how many receivers answered, at each scrape
 * @param silent  how many do not answer now
 */
const expected = (up: readonly number[], silent = 0) => {
  const ups = nodeNames.map((name, index) => [name, up.map((count) => (index < count ? 1 : 0))]);
  const remoteWriteUrl = 'http://receive-1:19291/api/v1/receive';
  return expectedOf(exercises[0]!, Object.fromEntries(ups), nodeNames.slice(nodeNames.length - silent), {
    remoteWriteUrl,
  });
};

test('with one down and with two there is something to distinguish', async () => {
  assert.equal((await expected([3, 3, 2, 2, 2, 1, 1])).kind, 'known');
});
test('receivers that were killed a moment ago are waited for', async () => {
  const spare = 'wait 16: two scrapes of a receiver that is down';
  assert.equal(expectationOf(await expected([3, 3, 3], 1)), spare);
  const last = 'wait 16: two scrapes of the second receiver that is down';
  assert.equal(expectationOf(await expected([3, 3, 2, 2], 2)), last);
  assert.equal(expectationOf(await expected([])), 'wait 16: two scrapes of the three receivers');
  // One instant of each kind is too few.
  assert.equal(expectationOf(await expected([3, 2, 2, 1, 1], 2)), 'wait 5: some more scrapes');
});
test('the manual step that is missing is named', async () => {
  const spare = 'make kill SERVICE=receive-2: no receiver was down';
  assert.equal(expectationOf(await expected([3, 3, 3])), spare);
  const last = 'make kill SERVICE=receive-3: two receivers have never been down together';
  assert.equal(expectationOf(await expected([3, 3, 2, 2], 1)), last);
  const back = 'make start SERVICE=receive-3: no receiver has been down on its own yet';
  assert.equal(expectationOf(await expected([3, 3, 1, 1], 2)), back);
});
