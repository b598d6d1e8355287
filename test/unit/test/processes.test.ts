import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindOf, processesFor } from '../processes.ts';

const kind = (modules: Record<string, string>) => kindOf('a/x.test.ts', (path) => modules[path]);

test('a file is of the kind that all imports allow, its own and those of what it imports', () => {
  assert.equal(kind({ 'a/x.test.ts': "import { test } from 'node:test';\n" }), 'still');
  assert.equal(kind({ 'a/x.test.ts': "import { spawn } from 'node:child_process';\n" }), undefined);
  assert.equal(kind({ 'a/x.test.ts': "import '../b.ts';\n", 'b.ts': "import 'express';\n" }), 'still');
  assert.equal(kind({ 'a/x.test.ts': "import '../b.ts';\n" }), undefined);
  assert.equal(kind({ 'a/x.test.ts': "import '../b.ts';\n", 'b.ts': "import 'playwright-core';\n" }), 'page');
  assert.equal(kind({ 'a/x.test.ts': "import 'playwright-core';\nimport 'node:child_process';\n" }), undefined);
  assert.equal(kind({ 'a/x.test.ts': "import type { Y } from '../b.ts';\n" }), 'still');
  assert.equal(
    kind({ 'a/x.test.ts': "import '../b.ts';\n", 'b.ts': "import './a/x.test.ts';\n" }),
    'still',
    'a circle',
  );
});

test('a hook of the root, which is one of the whole process, keeps its file apart; one of a suite does not', () => {
  assert.equal(kind({ 'a/x.test.ts': 'after(() => close());\n' }), undefined);
  assert.equal(kind({ 'a/x.test.ts': "describe('', () => {\n  after(() => close());\n});\n" }), 'still');
});

test('every file is in one process, once', () => {
  const files = Array.from({ length: 100 }, (_, index) => `${index}`);
  const processes = processesFor(files, (file) => ([undefined, 'still', 'page'] as const)[Number(file) % 3]);
  assert.deepEqual(processes.flat().sort(), files.sort());
  const [pages, others] = [Math.ceil(33 / 4), Math.ceil(33 / 12)];
  assert.equal(processes.length, 34 + pages + others);
  assert.ok(processes.slice(pages, pages + 34).every((together) => together.length === 1));
});
