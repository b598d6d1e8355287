import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { folderFor } from '../../../test/support/folder.ts';
import { repository } from '../../host/repository.ts';

const names = ['GRAFANA_ADMIN_PASSWORD_FILE', 'REMOTE_WRITE_PASSWORD_FILE'];

/** Runs the functions in a folder whose .env holds these lines. */
const run = (folder: string, script: string, environment: Record<string, string>) => {
  const scripts = join(repository, 'scripts/cli');
  const words = [
    '-c',
    `program=lab; . "$0/shell.sh"; . "$0/../host/dot-env.sh"; . "$0/password-file.sh"; ${script}`,
    scripts,
  ];
  return spawnSync('sh', words, { cwd: folder, env: { PATH: process.env.PATH, ...environment }, encoding: 'utf8' });
};
/** What the lab says of a password file before it touches anything. */
const complaint = (name: string, file: string): string =>
  run(repository, 'require_password_files', { [name]: file }).stderr;
const wrong = (name: string) => `lab: ${name} must be the path of a file with the password in it, and`;

test('no password file, or one that holds a password, is fine', (t) => {
  const file = join(folderFor(t), 'password');
  writeFileSync(file, 'secret\n');
  for (const name of names) for (const value of ['', file]) assert.equal(complaint(name, value), '');
});

test('a password file that is not there, is a folder or is empty is refused by name', (t) => {
  const folder = folderFor(t);
  const empty = join(folder, 'empty');
  writeFileSync(empty, '');
  mkdirSync(join(folder, 'folder'));
  for (const name of names) {
    const [none, inner] = [join(folder, 'none'), join(folder, 'folder')];
    assert.equal(complaint(name, none), `${wrong(name)} there is no file "${none}"\n`);
    assert.equal(complaint(name, inner), `${wrong(name)} "${inner}" is a folder\n`);
    assert.equal(complaint(name, empty), `${wrong(name)} "${empty}" is empty\n`);
  }
});

test('.env keeps a password file, and the environment takes precedence over it', (t) => {
  const folder = folderFor(t);
  const [kept, given] = [join(folder, 'a kept one'), join(folder, 'given')];
  for (const file of [kept, given]) writeFileSync(file, 'secret');
  writeFileSync(join(folder, '.env'), `A=1\nREMOTE_WRITE_PASSWORD_FILE="${kept}"\r\n`);
  const script = 'read_settings .env; require_password_files; sh -c \'echo "$REMOTE_WRITE_PASSWORD_FILE"\'';
  assert.equal(run(folder, script, {}).stdout, `${kept}\n`);
  assert.equal(run(folder, script, { REMOTE_WRITE_PASSWORD_FILE: given }).stdout, `${given}\n`);
  assert.equal(run(folder, script, { REMOTE_WRITE_PASSWORD_FILE: '' }).stdout, '\n');
});

const root = process.getuid?.() === 0 && 'root can read every file';
test('a password file that whoever starts the lab cannot read is refused', { skip: root }, (t) => {
  const file = join(folderFor(t), 'password');
  writeFileSync(file, 'secret\n');
  chmodSync(file, 0);
  for (const name of names) assert.match(complaint(name, file), /, and \S+ cannot read "/);
});
