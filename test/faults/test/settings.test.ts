import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { listenProblems } from '../../../lab/running/settings.ts';
import { hostileEnds, sandboxFor } from '../../../prometheus/test/run-entrypoint.ts';
import { repository } from '../../../scripts/host/repository.ts';

/** What the lab's commands read themselves: hostile values are refused by name, and none is executed. */

const settings: { name: string; good: string }[] = [
  ...['EXPORTER', 'PROMETHEUS', 'ALERTMANAGER', 'GRAFANA', 'GUIDE'].map((name) => ({
    name: `${name}_PORT`,
    good: '8000',
  })),
  { name: 'BIND', good: '127.0.0.1' },
];
for (const { name, good } of settings) {
  for (const value of [...hostileEnds.map((end) => good + end), `${good}\n${good}`]) {
    test(`${name}=${JSON.stringify(value).slice(0, 80)} is refused by name`, () => {
      const [problem, ...others] = listenProblems({ [name]: value });
      assert.match(problem ?? '', new RegExp(`^${name} must be [^\\n]*, got "[^\\n]*$`));
      assert.deepEqual(others, []);
    });
  }
}

/** Runs `make up` by hand. Even a setting that is wrongly accepted must start nothing. */
const up = (t: TestContext, environment: Record<string, string>, standIns: readonly string[]) => {
  const sandbox = sandboxFor(t, []);
  for (const program of standIns) sandbox.standIn(program, 'exit 1');
  const shell = { name: 'sh', command: ['sh'], tools: process.env.PATH ?? '' };
  const run = sandbox.run(shell, join(repository, 'scripts/cli/lab.sh'), environment, ['step', 'up']);
  return run.then((ended) => ({ ...ended, folders: [sandbox.folder, repository] }));
};

const isExecuted = ({ folders }: { folders: string[] }) => folders.some((folder) => existsSync(join(folder, 'pwned')));

for (const value of ['docker', 'Native', '../native', 'native.sh', ' ', ...hostileEnds.map((end) => `native${end}`)]) {
  test(`RUNTIME=${JSON.stringify(value).slice(0, 80)} is refused by name`, async (t) => {
    const ended = await up(t, { RUNTIME: value }, ['docker', 'node', 'npm']);
    assert.equal(ended.exitCode, 1);
    assert.match(ended.stderr, /RUNTIME must be [^\n]*, got "/);
    assert.ok(!isExecuted(ended), 'it is executed');
  });
}

test('make up hands no value of a setting to a shell', async (t) => {
  const environment = Object.fromEntries(
    settings.map(({ name, good }) => [name, `${good}$(touch pwned); touch pwned`]),
  );
  const ended = await up(t, { RUNTIME: 'native', ...environment }, ['docker', 'npm', 'prometheus', 'alertmanager']);
  assert.equal(ended.exitCode, 1);
  for (const { name } of settings) assert.match(ended.stderr, new RegExp(`${name} must be [^\\n]*, got "`));
  assert.ok(!isExecuted(ended), 'it is executed');
});
