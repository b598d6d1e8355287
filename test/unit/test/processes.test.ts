import assert from 'node:assert/strict';
import { test } from 'node:test';
import { processesFor, startsNothing } from '../processes.ts';

const isStill = (modules: Record<string, string>) => startsNothing('a/x.test.ts', (path) => modules[path]);

test('a file that starts nothing is one that imports nothing that could, itself or by another', () => {
  assert.equal(isStill({ 'a/x.test.ts': "import { test } from 'node:test';\n" }), true);
  assert.equal(isStill({ 'a/x.test.ts': "import { spawn } from 'node:child_process';\n" }), false);
  assert.equal(isStill({ 'a/x.test.ts': "import '../b.ts';\n", 'b.ts': "import 'express';\n" }), true);
  assert.equal(isStill({ 'a/x.test.ts': "import '../b.ts';\n" }), false);
  assert.equal(isStill({ 'a/x.test.ts': "import '../b.ts';\n", 'b.ts': "import 'playwright-core';\n" }), false);
  assert.equal(isStill({ 'a/x.test.ts': "import type { Y } from '../b.ts';\n" }), true);
  assert.equal(
    isStill({ 'a/x.test.ts': "import '../b.ts';\n", 'b.ts': "import './a/x.test.ts';\n" }),
    true,
    'a circle',
  );
});

test('a hook of the root, which is one of the whole process, keeps its file apart; one of a suite does not', () => {
  assert.equal(isStill({ 'a/x.test.ts': 'after(() => close());\n' }), false);
  assert.equal(isStill({ 'a/x.test.ts': "describe('', () => {\n  after(() => close());\n});\n" }), true);
});

test('every file is in one process, once', () => {
  const files = Array.from({ length: 100 }, (_, index) => `${index}`);
  const processes = processesFor(files, (file) => Number(file) % 3 > 0);
  assert.deepEqual(processes.flat().sort(), files.sort());
  assert.equal(processes.length, 34 + Math.ceil(66 / 12));
  assert.ok(processes.slice(0, 34).every((together) => together.length === 1));
});
