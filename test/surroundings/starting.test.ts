import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { cloneFor, ofTheShell } from '../support/clone.ts';

/** What happens to a start that takes long, on a Docker that only records: one that goes on is waited for. */

/** Progress is looked at every 8 s: what has not moved at the second look is given up. */
const patience = { RUNTIME: 'compose', LAB_SILENT_SECONDS: '1' };

const starting = async (t: TestContext, status: string, moves: boolean, environment: Record<string, string>) => {
  const { run, setStarting } = cloneFor(t, undefined, ofTheShell);
  setStarting(`0123456789ab prometheus ${status}\n`, moves);
  const { code, stderr, calls } = await run(['make', 'up'], { ...patience, ...environment });
  return { code, stderr, downs: calls.filter(({ words }) => words.includes('down')).length };
};

const healthStarting = 'Up 3 seconds (health: starting)';
const nothingMoved =
  /^lab: for 1 s nothing has moved, neither in the log nor in the processes of prometheus\n— prometheus did not become healthy/m;

describe('a start that takes long', { concurrency: 3 }, () => {
  test('one whose service is silent is given up by name, and nothing of it is left', async (t) => {
    const { code, stderr, downs } = await starting(t, healthStarting, false, { DOCKER_HANGS: '-d' });
    assert.equal(code, 2);
    assert.match(stderr, /^lab: waiting for prometheus to be ready \(1 s\)$/m);
    assert.match(stderr, nothingMoved);
    assert.match(stderr, /^lab: the lab did not start, and nothing of it was left running; see the lines above$/m);
    assert.equal(downs, 1);
  });

  test('one whose service ends again and again is given up, whatever its log says', async (t) => {
    const { code, stderr } = await starting(t, 'Restarting (1) 2 seconds ago', true, { DOCKER_HANGS: '-d' });
    assert.equal(code, 2);
    assert.match(stderr, nothingMoved);
  });

  test('one whose log moves gets the time that it needs', async (t) => {
    const { code, stderr, downs } = await starting(t, healthStarting, true, { DOCKER_UP_LOOKS: '3' });
    assert.equal(code, 0, stderr);
    assert.match(stderr, /^lab: waiting for prometheus to be ready \(10 s\)$/m);
    assert.doesNotMatch(stderr, /nothing has moved/);
    assert.equal(downs, 0);
  });
});
