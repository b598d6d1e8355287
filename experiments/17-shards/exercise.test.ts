import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectedOf, upThenDown } from '../../test/lessons/services.ts';
import { expectationOf } from '../../test/lessons/verdicts.ts';
import { exercises } from './exercise.ts';

/** The first shard is there all the time. */
const expected = (second: readonly number[], silent: readonly string[] = []) =>
  expectedOf(exercises[0]!, { 'shard-a': upThenDown(12), 'shard-b': second }, silent);

test('before a scrape of the dead shard and after it there is something to distinguish', async () => {
  assert.equal((await expected(upThenDown(9, 3), ['shard-b'])).kind, 'known');
});
test('a shard that was killed a moment ago is waited for', async () => {
  const expectation = 'wait 10: two scrapes after a shard has died';
  assert.equal(expectationOf(await expected(upThenDown(12), ['shard-b'])), expectation);
  assert.equal(expectationOf(await expected(upThenDown(11, 1), ['shard-b'])), expectation);
});
test('a shard that Prometheus does not scrape yet is waited for', async () => {
  const ups = { 'shard-a': upThenDown(0), 'shard-b': upThenDown(0) };
  const expectation = 'wait 16: Prometheus to scrape the shards';
  assert.equal(expectationOf(await expectedOf(exercises[0]!, ups, [], { thanos: [] })), expectation);
  const nothing = await expectedOf(exercises[0]!, ups, ['shard-a', 'shard-b'], { thanos: [] });
  assert.equal(expectationOf(nothing), 'make exp-17: there are no shards');
});
test('one that has been down all the time is to be started', async () => {
  const expectation = 'make start SERVICE=shard-b: shard-b has been down all the time';
  assert.equal(expectationOf(await expected(upThenDown(0, 12), ['shard-b'])), expectation);
});
test('where both are there, one is to be killed', async () => {
  const expectation = 'make kill SERVICE=shard-b: both shards have been there all the time';
  assert.equal(expectationOf(await expected(upThenDown(12))), expectation);
});
