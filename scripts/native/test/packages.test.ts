import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { folderFor } from '../../../test/support/folder.ts';
import { repository } from '../../host/repository.ts';

/** A project whose packages lie in it, so that npm needs no network: one for development, one of a workspace. */
const projectFor = (t: TestContext) => {
  const home = folderFor(t);
  const folder = join(home, 'project');
  cpSync(join(repository, 'scripts'), join(folder, 'scripts'), { recursive: true });
  const put = (path: string, content: object) => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), JSON.stringify(content));
  };
  put('package.json', {
    private: true,
    type: 'module',
    workspaces: ['part'],
    devDependencies: { tool: 'file:./tool' },
  });
  put('part/package.json', { name: 'part', version: '1.0.0', dependencies: { library: 'file:../library' } });
  for (const name of ['tool', 'library']) put(`${name}/package.json`, { name, version: '1.0.0' });
  mkdirSync(join(folder, '.lab'));
  const run = (command: string[], environment: Record<string, string> = {}) =>
    spawnSync(command[0]!, command.slice(1), {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, HOME: home, ...environment },
    });
  const lock = () => run(['npm', 'install', '--package-lock-only', '--no-audit', '--no-fund']);
  assert.equal(lock().status, 0);
  const sources = '. scripts/cli/shell.sh; . scripts/native/runtime.sh';
  const install = (environment?: Record<string, string>) =>
    run(['sh', '-c', `set -eu; program=lab; ${sources}; packages`], environment);
  const missing = () => run(['node', 'scripts/native/missing-packages.js']).stdout.trim();
  const configure = (text: string) => writeFileSync(join(home, '.npmrc'), text);
  return { folder, put, lock, install, missing, configure };
};

const leavesOut = `
omit=dev
omit[]=optional
workspaces=false
dry-run=true
global=true
location=global
package-lock=false
package-lock-only=true
install-strategy=linked
bin-links=false
include-workspace-root=false
`;

test("everything is installed, whatever the user's npm leaves out elsewhere", (t) => {
  const { folder, install, missing, configure } = projectFor(t);
  configure(leavesOut);
  assert.equal(missing(), 'library, part, tool');
  const { status, stderr } = install({
    NODE_ENV: 'production',
    npm_config_production: 'true',
    npm_config_only: 'prod',
  });
  assert.equal(status, 0, stderr);
  assert.equal(missing(), '');
  for (const name of ['library', 'part', 'tool']) assert.ok(existsSync(join(folder, 'node_modules', name)), name);
});

test('what is missing is installed again, however new the installation is; what is there is left alone', (t) => {
  const { folder, install, missing } = projectFor(t);
  install();
  assert.equal(install().stderr, '');
  rmSync(join(folder, 'node_modules/tool'));
  assert.equal(missing(), 'tool');
  assert.equal(install().stderr, 'lab: installing the npm packages, once (npm ci)\n');
  assert.equal(missing(), '');
});

test('a package of another version than the lock file says counts as missing', (t) => {
  const { folder, install, missing } = projectFor(t);
  install();
  const file = join(folder, 'package-lock.json');
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  lock.packages['node_modules/tool'].version = '2.0.0';
  writeFileSync(file, JSON.stringify(lock));
  assert.equal(missing(), 'tool');
});

test('a package for another machine is not missed', (t) => {
  const { folder, install, missing } = projectFor(t);
  install();
  const file = join(folder, 'package-lock.json');
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  lock.packages['node_modules/theirs'] = { version: '1.0.0', optional: true, os: ['aix'] };
  writeFileSync(file, JSON.stringify(lock));
  assert.equal(missing(), '');
  lock.packages['node_modules/ours'] = { version: '1.0.0', optional: true, os: [process.platform] };
  writeFileSync(file, JSON.stringify(lock));
  assert.equal(missing(), 'ours');
});

test('an installation that succeeds and leaves something out is named', (t) => {
  const { folder, install } = projectFor(t);
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'npm'), '#!/bin/sh\n', { mode: 0o755 });
  const { status, stderr } = install({ PATH: `${bin}:${process.env.PATH}` });
  assert.equal(status, 1);
  assert.match(stderr, /^lab: npm ci succeeded without library, part, tool: which setting of npm leaves it out\?/m);
});
