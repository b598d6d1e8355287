import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type TestContext, test } from 'node:test';
import { until } from '../../../test/support/until.ts';
import { apply, end } from '../apply.ts';
import { doing, doManualStep, thawAll } from '../manual-steps.ts';
import { makeLab } from './make-lab.ts';

/** Two services that run, in a folder of their own. */
const pair = async (t: TestContext) => {
  const { state, plan } = makeLab(t);
  const plans = [await plan('one'), await plan('two')];
  await apply(plans, state);
  const now = () => Object.entries(state.read()).map(([service, entry]) => `${service} ${doing(entry)}`);
  return { state, plans, now };
};

test('one service is killed and started again as it was; the other one goes on', async (t) => {
  const { state, plans, now } = await pair(t);
  const before = state.read();
  await doManualStep('kill', 'one', state);
  assert.deepEqual(now().sort(), ['one stopped', 'two running']);
  assert.equal(state.read().one!.ended, 'killed');
  await doManualStep('start', 'one', state);
  assert.deepEqual(now().sort(), ['one running', 'two running']);
  const { one, two } = state.read();
  assert.deepEqual([one!.ended, one!.hash, one!.address], [undefined, before.one!.hash, before.one!.address]);
  assert.notEqual(one!.pid, before.one!.pid);
  assert.equal(two!.pid, before.two!.pid);
  await doManualStep('stop', 'two', state);
  assert.equal(state.read().two!.ended, 'stopped');
  await apply(plans, state);
  assert.deepEqual(now().sort(), ['one running', 'two running'], 'every step starts what was stopped');
});

test('a restart is another process on the same address', async (t) => {
  const { state, now } = await pair(t);
  const { one } = state.read();
  await doManualStep('restart', 'one', state);
  assert.deepEqual(now().sort(), ['one running', 'two running']);
  assert.notEqual(state.read().one!.pid, one!.pid);
  assert.equal(state.read().one!.address, one!.address);
});

test('a service whose port another program has meanwhile is not started: that one would answer for it', async (t) => {
  const { state, now } = await pair(t);
  const { one } = state.read();
  await doManualStep('kill', 'one', state);
  const [host, port] = one!.address.split(':');
  const other = createServer((_, response) => response.end('ok'));
  // What was just killed may hold its port a moment longer.
  await until('the port to be free', 10, async () => {
    other.listen(Number(port), host);
    await once(other, 'listening');
    return true;
  });
  t.after(() => other.close());
  await assert.rejects(doManualStep('start', 'one', state), (error: Error) => {
    assert.match(
      error.message,
      new RegExp(`^port ${port} is taken by node \\(pid ${process.pid}\\): stop it, or choose`),
    );
    return true;
  });
  assert.deepEqual(now().sort(), ['one stopped', 'two running']);
  assert.equal(state.read().one!.ended, 'killed');
});

test('what is frozen is there and does nothing; it goes on, and it can be ended', async (t) => {
  const { state, now } = await pair(t);
  await doManualStep('freeze', 'one', state);
  assert.deepEqual(now().sort(), ['one frozen', 'two running']);
  await doManualStep('thaw', 'one', state);
  assert.deepEqual(now().sort(), ['one running', 'two running']);
  await doManualStep('freeze', 'one', state);
  await doManualStep('freeze', 'two', state);
  thawAll(state);
  assert.deepEqual(now().sort(), ['one running', 'two running']);
  await doManualStep('freeze', 'one', state);
  await end(['one'], state);
  assert.deepEqual(now(), ['two running']);
});

test('a service that is not there is named', async (t) => {
  const { state } = await pair(t);
  await assert.rejects(doManualStep('kill', 'shard-a', state), { message: 'there is no service "shard-a"' });
});
