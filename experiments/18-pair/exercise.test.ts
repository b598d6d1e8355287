import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectedOf, upThenDown } from '../../test/lessons/services.ts';
import { expectationOf } from '../../test/lessons/verdicts.ts';
import { exercises } from './exercise.ts';

/** The first replica answers all the time. */
const expected = (second: readonly number[], silent: readonly string[] = []) =>
  expectedOf(exercises[0]!, { 'replica-a': upThenDown(20), 'replica-b': second }, silent);

test('before a failed scrape and after it there is something to distinguish', async () => {
  assert.equal((await expected(upThenDown(17, 3), ['replica-b'])).kind, 'known');
});
test('a replica that was frozen a moment ago is waited for', async () => {
  const expectation = 'wait 10: the scrapes of a replica that is down';
  assert.equal(expectationOf(await expected(upThenDown(20), ['replica-b'])), expectation);
});
test('a replica that Prometheus does not scrape yet is waited for', async () => {
  const ups = { 'replica-a': upThenDown(0), 'replica-b': upThenDown(0) };
  const expectation = 'wait 16: Prometheus to scrape the replicas';
  assert.equal(expectationOf(await expectedOf(exercises[0]!, ups, [], { thanos: [] })), expectation);
});
test('one that has been down all the time is to be thawed', async () => {
  const expectation = 'make thaw SERVICE=replica-b: replica-b has been down all the time';
  assert.equal(expectationOf(await expected(upThenDown(0, 20), ['replica-b'])), expectation);
});
test('where both answer, one is to be frozen', async () => {
  const expectation = 'make freeze SERVICE=replica-b: both replicas have answered all the time';
  assert.equal(expectationOf(await expected(upThenDown(20))), expectation);
});
