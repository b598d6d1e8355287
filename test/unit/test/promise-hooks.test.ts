import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { repository } from '../../../scripts/host/repository.ts';
import { folderFor } from '../../support/folder.ts';

/** Runs a module as a process of unit tests does. */
const run = (t: TestContext, text: string) => {
  const file = join(folderFor(t), 'module.mjs');
  writeFileSync(file, text);
  const preloaded = join(repository, 'test/unit/promise-hooks.ts');
  const args = ['--import', 'tsx', '--import', preloaded, file];
  // The runner tells its own children by it what they are.
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined };
  return spawnSync(process.execPath, args, { cwd: repository, env, encoding: 'utf8' });
};

test('a hook hears of everything but promises', (t) => {
  const { stdout } = run(
    t,
    `import { createHook } from 'node:async_hooks'; const heard = new Set();
     createHook({ init: (_, type) => heard.add(type) }).enable();
     await new Promise((resolve) => setTimeout(resolve)); console.log(heard.has('Timeout'), heard.has('PROMISE'));`,
  );
  assert.equal(stdout, 'true false\n');
});

test('tests of a suite are of that suite, and an error that nobody catches fails the file', (t) => {
  const inSuite = (last: string) =>
    run(
      t,
      `import { describe, test } from 'node:test'; describe('a suite', () => { test('a test', async () => { await 1; ${last} }); });`,
    );
  const held = inSuite('');
  assert.equal(held.status, 0, held.stderr);
  assert.match(held.stdout, /^ +(?:ok 1 - |✔ )a test/m);
  const thrown = inSuite("setTimeout(() => { throw new Error('nobody catches this'); });");
  assert.notEqual(thrown.status, 0);
  assert.match(thrown.stdout + thrown.stderr, /nobody catches this/);
});
