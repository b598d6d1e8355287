import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { tryRun } from '../../test/support/commands.ts';
import { repository } from '../host/repository.ts';

const folders = ['scripts', 'test', '.ci', 'prometheus', 'alertmanager'];
const files = folders.flatMap((folder) =>
  readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
);
const scripts = files.filter((name) => /\.sh$|\.ci\/run$/.test(name));
const read = (name: string) => readFileSync(join(repository, name), 'utf8');

for (const name of scripts.filter((each) => /(^|[($] *)cd /m.test(read(each)))) {
  test(`${name} changes the folder where CDPATH cannot lead it elsewhere`, () => {
    const [before] = read(name).split(/^(?!#).*\bcd /m);
    assert.match(before!, /^unset CDPATH$/m);
  });
}

const within = (command: string) =>
  tryRun('sh', ['-c', `set -eu; program=x; . scripts/cli/shell.sh; . scripts/cli/runtime.sh; ${command}`]);

const limits: [what: string, command: string, code: number, output: string][] = [
  ['succeeds', 'within 5 echo done', 0, 'done\n'],
  ['fails', 'within 5 sh -c "exit 3"', 3, ''],
  ['reads its input', 'echo typed | within 5 cat', 0, 'typed\n'],
  ['takes too long', 'within 1 sleep 60', 124, ''],
  ['takes too long and ignores the signal to end', 'within 1 sh -c "trap : TERM; while :; do sleep 1; done"', 124, ''],
];
for (const [what, command, code, output] of limits) {
  test(`a command that ${what} ends with ${code}`, async () =>
    assert.deepEqual(await within(command), { code, output }));
}

test('a time limit costs nothing where the command ends at once, three hundred times', async () => {
  const { code } = await within('n=0; while [ $n -lt 300 ]; do within 60 true; n=$((n + 1)); done');
  assert.equal(code, 0);
});
