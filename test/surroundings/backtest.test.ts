import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Call, cloneFor, ofTheShell } from '../support/clone.ts';

/** `make backtest` on a Docker that only records: what is started, and that it goes again. */

/** The calls that are about the Prometheus of the shifts or its tools. */
const about = (calls: readonly Call[]): string[][] =>
  calls
    .map(({ words }) => words)
    .filter((words) => words.some((word) => word.includes('-shifts-')) || words.includes('backtest'));

/** The name that the container was given. */
const nameIn = (words: readonly string[]): string => words[words.indexOf('--name') + 1]!;

test('a container without a network holds the shifts, tools join it, and it is removed', async (t) => {
  const { run } = cloneFor(t, undefined, ofTheShell);
  const { code, calls, stderr } = await run([
    'make',
    'backtest',
    'EXPR=up == 0',
    'FOR=30s',
    'SCENARIO=hosts',
    'ARGS=--json',
  ]);
  assert.equal(code, 0, stderr);
  const [started, tools, removed, ...others] = about(calls) as [string[], string[], string[]];
  assert.deepEqual(others, []);
  const name = nameIn(started);
  assert.ok(
    started.join(' ').includes('run -d --rm') && started.join(' ').includes('--network none'),
    started.join(' '),
  );
  assert.deepEqual(started.slice(started.indexOf('prometheus-lab/prometheus')), [
    'prometheus-lab/prometheus',
    '/lab/prometheus/shifts.sh',
    '/prometheus/shifts',
    '127.0.0.1:9090',
  ]);
  assert.equal(tools[tools.indexOf('--network') + 1], `container:${name}`);
  assert.ok(tools.includes('SHIFTS_ADDRESS=127.0.0.1:9090'));
  assert.deepEqual(tools.slice(tools.indexOf('prometheus-lab/tools')), [
    'prometheus-lab/tools',
    'backtest',
    '--json',
    '--scenario=hosts',
    '--expr=up == 0',
    '--for=30s',
  ]);
  assert.deepEqual(removed, ['rm', '-f', '-v', name]);
  assert.ok(!calls.some(({ words }) => words.includes('up') || words.includes('down')), 'the lab is left alone');
});

test('a file is checked by promtool before its rules are judged', async (t) => {
  const { folder, run } = cloneFor(t, undefined, ofTheShell);
  writeFileSync(join(folder, 'my.rules.yml'), 'groups: []\n');
  const { code, calls, stderr } = await run(['make', 'backtest', 'RULES=my.rules.yml']);
  assert.equal(code, 0, stderr);
  const [started, checked, tools, removed] = about(calls) as [string[], string[], string[], string[]];
  assert.deepEqual(checked, ['exec', '-i', nameIn(started), 'promtool', 'check', 'rules', '--lint=none']);
  assert.equal(tools.at(-1), '--rules');
  assert.equal(removed.at(-1), nameIn(started));
});

test('a file that is not there is named, and nothing is started', async (t) => {
  const { code, calls, stderr } = await cloneFor(t, undefined, ofTheShell).run([
    'make',
    'backtest',
    'RULES=nowhere.yml',
  ]);
  assert.equal(code, 2);
  assert.match(stderr, /^lab: RULES must be a file that can be read, got "nowhere.yml"$/m);
  assert.deepEqual(calls, []);
});

test('without a rule it says what there is, and starts no Prometheus', async (t) => {
  const { code, calls, stderr } = await cloneFor(t, undefined, ofTheShell).run(['make', 'backtest', 'SCENARIO=disk']);
  assert.equal(code, 0, stderr);
  assert.deepEqual(
    about(calls).map((words) => words.slice(words.indexOf('prometheus-lab/tools'))),
    [['prometheus-lab/tools', 'backtest', '--scenario=disk']],
  );
});
