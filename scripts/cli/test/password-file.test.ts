import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { repository } from '../../../lab/repository.ts';
import { folderFor } from '../../../test/support/folder.ts';

/** What the lab says of a password file before it touches anything. */
const complaint = (file: string): string => {
  const script = 'program=lab; . scripts/cli/shell.sh; . scripts/cli/password-file.sh; require_password_file';
  const env = { PATH: process.env.PATH, GRAFANA_ADMIN_PASSWORD_FILE: file };
  return spawnSync('sh', ['-c', script], { cwd: repository, env, encoding: 'utf8' }).stderr;
};
const wrong = 'lab: GRAFANA_ADMIN_PASSWORD_FILE must be the path of a file with the password in it, and';

test('no password file, or one that holds a password, is fine', (t) => {
  const file = join(folderFor(t), 'password');
  writeFileSync(file, 'secret\n');
  assert.equal(complaint(''), '');
  assert.equal(complaint(file), '');
});

test('a password file that is not there, is a folder or is empty is refused by name', (t) => {
  const folder = folderFor(t);
  const empty = join(folder, 'empty');
  writeFileSync(empty, '');
  mkdirSync(join(folder, 'folder'));
  for (const name of ['none', 'folder'])
    assert.equal(complaint(join(folder, name)), `${wrong} there is no file "${join(folder, name)}"\n`);
  assert.equal(complaint(empty), `${wrong} "${empty}" is empty\n`);
});

const root = process.getuid?.() === 0 && 'root can read every file';
test('a password file that whoever starts the lab cannot read is refused', { skip: root }, (t) => {
  const file = join(folderFor(t), 'password');
  writeFileSync(file, 'secret\n');
  chmodSync(file, 0);
  assert.match(complaint(file), /, and \S+ cannot read "/);
});
