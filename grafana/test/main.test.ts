import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { labProgram } from '../../test/support/programs.ts';
import { generated } from './generated.ts';

const [program, ...main] = labProgram('grafana/src/main.ts');
const run = (...args: string[]) =>
  spawnSync(program, [...main, ...args], { encoding: 'utf8', cwd: import.meta.dirname });

const emptyFolder = (t: TestContext): string => {
  const folder = mkdtempSync(join(tmpdir(), 'lab-dashboards-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

test('one file per dashboard is written, in one line of words', (t) => {
  const folder = join(emptyFolder(t), 'new');
  assert.equal(run(folder).stdout, `grafana: ${generated.length} dashboards written to ${folder}\n`);
  assert.deepEqual(readdirSync(folder).sort(), generated.map(({ uid }) => `${uid}.json`).sort());
  for (const dashboard of generated) {
    assert.deepEqual(JSON.parse(readFileSync(join(folder, `${dashboard.uid}.json`), 'utf8')), dashboard);
  }
});

test('files of others stay, old dashboards are replaced', (t) => {
  const folder = emptyFolder(t);
  writeFileSync(join(folder, 'notes.txt'), 'mine');
  writeFileSync(join(folder, 'lab-start.json'), 'old');
  assert.equal(run(folder).status, 0);
  assert.equal(readFileSync(join(folder, 'notes.txt'), 'utf8'), 'mine');
  assert.equal(JSON.parse(readFileSync(join(folder, 'lab-start.json'), 'utf8')).uid, 'lab-start');
});

test('without a folder it says what it needs', () => {
  const { status, stderr } = run();
  assert.deepEqual([status, stderr], [1, 'grafana: needs one folder to write the dashboards to, got 0\n']);
});

test('a folder that cannot be made is named, without a stack', (t) => {
  const file = join(emptyFolder(t), 'file');
  writeFileSync(file, '');
  const { status, stderr } = run(join(file, 'out'));
  assert.equal(status, 1);
  assert.match(stderr, /^grafana: cannot write the dashboards to .*file\/out: ENOTDIR[^\n]*\n$/);
});
