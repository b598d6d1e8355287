import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { folderFor } from '../../test/support/folder.ts';
import { repository } from './repository.ts';

const path = process.env.PATH ?? '';

/** What the shell's reader makes of a .env: its last line is the setting that is asked for. */
const read = (file: string, environment: Record<string, string>, script = 'dot_env "$1" | tail -n 1') =>
  spawnSync('sh', ['-c', `. scripts/host/dot-env.sh; ${script}`, 'sh', file], {
    cwd: repository,
    encoding: 'utf8',
    env: { PATH: path, ...environment },
  });

const lines: [text: string, environment: Record<string, string>, value: string][] = [
  ['X=8081', {}, '8081'],
  ['X=8081 # mine', {}, '8081'],
  ['X=/path/pw # mine', {}, '/path/pw'],
  ['X=a#b', {}, 'a#b'],
  ['  export X = 8081', {}, '8081'],
  ['\texport X="8081"\t# mine', {}, '8081'],
  ["X='8081' # mine", {}, '8081'],
  ['X: 8081', {}, '8081'],
  ['X="a b"\r', {}, 'a b'],
  ['X=', {}, ''],
  ['X= # nothing', {}, '# nothing'],
  ['X=it is "so"', {}, 'it is "so"'],
  [`FIRST=8081\nX=\${FIRST}/pw`, {}, '8081/pw'],
  ['FIRST=8081\nX="$FIRST" # mine', {}, '8081'],
  [`FIRST=8081\nX=\${FIRST}`, { FIRST: '8082' }, '8082'],
  [`X=\${FIRST:-8083}`, {}, '8083'],
  [`FIRST=\nX=\${FIRST:-8083}`, {}, '8083'],
  [`FIRST=\nX=\${FIRST-8083}`, {}, ''],
  [`X=\${FIRST:+yes}`, { FIRST: '1' }, 'yes'],
  [`X=\${FIRST+yes}`, {}, ''],
  [`X=\${FIRST}`, {}, ''],
  [`X='\${FIRST}'`, { FIRST: '8082' }, `\${FIRST}`],
  [`X='pa$$'`, {}, 'pa$$'],
  ['X=pa$$', {}, 'pa$'],
  ['X="pa\\$x"', {}, 'pa$x'],
  ['X="say \\"so\\" \\\\ "', {}, 'say "so" \\ '],
  ["X='it\\'s'", {}, "it's"],
  ['X=`id` $$(id) ;"', {}, '`id` $(id) ;"'],
];
for (const [text, environment, value] of lines) {
  test(`${JSON.stringify(text)} under ${JSON.stringify(environment)} is ${JSON.stringify(value)}`, (t) => {
    const file = join(folderFor(t), '.env');
    writeFileSync(file, `# kept\n\n${text}\n`);
    const { stdout, stderr, status } = read(file, environment);
    assert.deepEqual([stdout, stderr, status], [`X=${value}\n`, '', 0]);
  });
}

const noCompose = spawnSync('docker', ['compose', 'version']).status !== 0 && 'Compose is not installed';
test('Compose reads the same', { skip: noCompose }, (t) => {
  const folder = folderFor(t);
  for (const [index, [text, environment, value]] of lines.entries()) {
    const [dotEnv, compose] = [join(folder, `${index}.env`), join(folder, `${index}.yaml`)];
    writeFileSync(dotEnv, `# kept\n\n${text}\n`);
    writeFileSync(compose, 'name: x\nservices: { x: { image: x, environment: { X: "$X" } } }\n');
    const words = ['compose', '-f', compose, '--env-file', dotEnv, 'config', '--format', 'json'];
    const { stdout, stderr, status } = spawnSync('docker', words, {
      encoding: 'utf8',
      env: { PATH: path, HOME: process.env.HOME, ...environment },
    });
    assert.equal(status, 0, `${text}: ${stderr}`);
    // What it prints can be read by it again.
    assert.equal(JSON.parse(stdout).services.x.environment.X.replaceAll('$$', '$'), value, text);
  }
});

const refused: [text: string, reason: string][] = [
  ['X="8081', 'line 3: a quote is not closed'],
  ["X='8081'y", 'line 3: after the closing quote only a comment may follow'],
  ['X=pa$', 'line 3: write $$ for a dollar sign, or put the value between single quotes'],
  [`X=\${A:-\${B}}`, 'line 3: write $$ for a dollar sign, or put the value between single quotes'],
  ['make it so', 'line 3: a line must be NAME=value, or begin with #'],
  ['X="a\\nb"', 'line 3: a value is one line of plain characters, and \\n is none'],
];
for (const [text, reason] of refused) {
  test(`${JSON.stringify(text)} is refused, with its line`, (t) => {
    const file = join(folderFor(t), '.env');
    writeFileSync(file, `# kept\n\n${text}\n`);
    const { stderr, status } = read(file, {}, 'read_settings "$1"');
    assert.deepEqual([stderr, status], [`lab: ${file}, ${reason}\n`, 1]);
  });
}

test('what is read is exported; the environment goes before it, and a later file before an earlier one', (t) => {
  const folder = folderFor(t);
  const [first, second] = [join(folder, 'first'), join(folder, 'second')];
  writeFileSync(first, 'X=1\nY=1\nZ=1\n');
  writeFileSync(second, 'X=2\nZ=2\n');
  const script = `read_settings "${first}"; read_settings "${second}"; sh -c 'echo "$X $Y $Z|"'`;
  assert.equal(read('', { Z: '' }, script).stdout, '2 1 |\n');
});

test("a JOB of the user's shell is none of the lab's; one that is typed is", () => {
  const script = '. scripts/cli/where.sh; read_dot_env; sh -c \'echo "$' + '{JOB-none}"\'';
  assert.equal(read('', { JOB: 'nightly' }, script).stdout, 'none\n');
  assert.equal(read('', { JOB: 'nightly', LAB_TYPED: 'CORES' }, script).stdout, 'none\n');
  assert.equal(read('', { JOB: 'my_app_limited', LAB_TYPED: 'CORES JOB' }, script).stdout, 'my_app_limited\n');
});
