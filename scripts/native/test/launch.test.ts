import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { folderFor } from '../../../test/support/folder.ts';
import { repository } from '../../host/repository.ts';

const launcher = 'scripts/native/launch.js';

/** A lab that consists of one program, which imports a part. */
const makeProgram = (t: TestContext) => {
  const folder = folderFor(t);
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  for (const name of ['scripts/native', 'lab']) mkdirSync(join(folder, name), { recursive: true });
  for (const name of [launcher, 'scripts/native/compile.js', 'scripts/native/in-its-place.js'])
    copyFileSync(join(repository, name), join(folder, name));
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
  write('package.json', '{ "type": "module" }');
  write('lab/part.ts', 'export const words: string[] = ["one, not \'import.meta.url\'", import.meta.dirname];');
  write(
    'main.ts',
    "import { words } from './lab/part.ts'; console.log(...words, import.meta.url, ...process.argv.slice(1));",
  );
  const run = (...args: string[]) => execFileSync(process.execPath, [launcher, ...args], { cwd: folder }).toString();
  return { folder, write, run };
};

test('a program runs as it would without it: each source knows where it lies, and hears its arguments', (t) => {
  const { folder, run } = makeProgram(t);
  const expected = `one, not 'import.meta.url' ${folder}/lab file://${folder}/main.ts ${folder}/main.ts a b c\n`;
  assert.equal(run('main.ts', 'a', 'b c'), expected);
  assert.equal(run('./main.ts', 'a', 'b c'), expected, 'from what is kept');
  assert.deepEqual(readdirSync(join(folder, '.lab/compiled')).sort(), ['main.js', 'main.js.cache', 'main.js.json']);
});

test('a source that has changed is read anew, however deep it lies', (t) => {
  const { write, run } = makeProgram(t);
  assert.match(run('main.ts'), /^one, /);
  write('lab/part.ts', "export const words = ['two, and longer'];");
  assert.match(run('main.ts'), /^two, and longer /);
});

test('what V8 has made of a script is used for no other one of the same length, and is no harm where it is broken', (t) => {
  const { folder, write, run } = makeProgram(t);
  const cache = join(folder, '.lab/compiled/main.js.cache');
  for (const words of ['one', 'two']) {
    write('lab/part.ts', `export const words = ['${words}'];`);
    assert.match(run('main.ts'), new RegExp(`^${words} `));
    assert.match(run('main.ts'), new RegExp(`^${words} `), 'from what is kept');
  }
  for (const size of [500, 64, 3, 0]) {
    truncateSync(cache, size);
    assert.match(run('main.ts'), /^two /);
    assert.ok(statSync(cache).size > 500, 'it is made again');
  }
});

test('a program may export something, and use a module of Node in each way', (t) => {
  const { write, run } = makeProgram(t);
  write(
    'main.ts',
    `import path, { join as together } from 'node:path'; import * as all from 'node:path'; import { posix } from 'path';
     const { sep } = await import('node:path'); export const words = [path.basename('/a'), together('b', 'c'), all.sep, posix.sep, sep];
     console.log(...words);`,
  );
  assert.equal(run('main.ts'), 'a b/c / / /\n');
});

test('what is wrong in a source is said with its place, and keeps nothing', (t) => {
  const { folder, write, run } = makeProgram(t);
  run('main.ts');
  write('lab/part.ts', 'export const words = ;');
  const { status, stderr } = spawnSync(process.execPath, [launcher, 'main.ts'], { cwd: folder, encoding: 'utf8' });
  assert.equal(status, 1);
  assert.match(stderr, /lab\/part\.ts:1:21/);
  write('lab/part.ts', "export const words = ['three'];");
  assert.match(run('main.ts'), /^three /);
});

test('a package is part of the file, and read anew once npm has installed something', (t) => {
  const { folder, write, run } = makeProgram(t);
  rmSync(join(folder, 'node_modules'));
  mkdirSync(join(folder, 'node_modules/words'), { recursive: true });
  symlinkSync(join(repository, 'node_modules/esbuild'), join(folder, 'node_modules/esbuild'));
  const install = (words: string) => {
    write('node_modules/words/index.js', `exports.words = require('node:path').basename('/a/${words}');`);
    write('node_modules/words/package.json', '{}');
    write('node_modules/.package-lock.json', JSON.stringify({ words }));
  };
  write('main.ts', "import { words } from 'words'; console.log(words);");
  install('one');
  assert.equal(run('main.ts'), 'one\n');
  rmSync(join(folder, 'node_modules/words/index.js'));
  assert.equal(run('main.ts'), 'one\n', 'from what is kept');
  install('three');
  assert.equal(run('main.ts'), 'three\n');
});

test('whoever starts another program as this one was started starts it here', (t) => {
  const { write, run } = makeProgram(t);
  const other = "execFileSync(process.execPath, [...process.execArgv, 'other.ts']).toString()";
  write('main.ts', `import { execFileSync } from 'node:child_process'; console.log(${other});`);
  write('other.ts', "const text: string = 'typed'; console.log(text);");
  assert.equal(run('main.ts'), 'typed\n\n');
});
