import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { repository } from '../../../lab/repository.ts';
import { hostileEnds, makeSandbox } from '../../../prometheus/test/run-entrypoint.ts';

const shell = { name: 'sh', command: ['sh'], tools: process.env.PATH ?? '' };
const ports = ['EXPORTER', 'PROMETHEUS', 'ALERTMANAGER', 'GRAFANA', 'GUIDE'].map((name) => `${name}_PORT`);

/** What the lab's commands read themselves: a good value, and values that are refused. */
const table: { name: string; good: string; bad: string[] }[] = [
  ...ports.map((name) => ({ name, good: '8000', bad: ['web', '0', '65536', '-1', '08000', '1e3', '0x50', ' '] })),
  { name: 'BIND', good: '127.0.0.1', bad: ['everywhere', 'localhost', '127.0.0.1/8', '*'] },
  { name: 'RUNTIME', good: 'native', bad: ['docker', 'Native', '../native', 'native.sh', ' '] },
];

for (const { name, good, bad } of table) {
  for (const value of [...bad, ...hostileEnds.map((end) => good + end), `${good}\n${good}`]) {
    test(`make up ${name}=${JSON.stringify(value)} is refused by name`, async (t) => {
      const sandbox = makeSandbox(t, []);
      // Even a setting that is wrongly accepted must start nothing.
      for (const program of ['docker', 'node', 'npm']) sandbox.standIn(program, 'exit 1');
      const environment = { RUNTIME: 'native', [name]: value };
      const run = await sandbox.run(shell, join(repository, 'scripts/cli/lab.sh'), environment, ['step', 'up']);
      assert.equal(run.exitCode, 1);
      assert.match(run.stderr, new RegExp(`${name} must be [^\\n]*, got "`));
      for (const folder of [sandbox.folder, repository])
        assert.ok(!existsSync(join(folder, 'pwned')), 'it is executed');
    });
  }
}
