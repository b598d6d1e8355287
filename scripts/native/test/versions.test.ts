import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { folderFor } from '../../../test/support/folder.ts';
import { repository } from '../../host/repository.ts';

/** What a program does that answers with its version. */
const answering = (name: string, version: string) => `echo "${name}, version ${version}"`;

/**
 * What the native runtime says of the programs in a PATH that has no package manager.
 * @param programs  the version of each
 * @param hangs     one that gives no answer
 */
const programsIn = (t: TestContext, programs: Record<string, string>, hangs?: string) => {
  const folder = folderFor(t);
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  for (const [name, version] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${name === hangs ? 'exec sleep 60' : answering(name, version)}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  for (const tool of ['sh', 'sed', 'sort', 'head', 'uname', 'date', 'sleep', 'rm']) {
    symlinkSync(spawnSync('sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).stdout.trim(), join(bin, tool));
  }
  symlinkSync(join(repository, 'scripts'), join(folder, 'scripts'));
  const script = 'program=lab; . scripts/cli/shell.sh; . scripts/cli/runtime.sh; . scripts/native/runtime.sh; programs';
  return spawnSync('sh', ['-c', script], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: bin, HOME: folder, ...(hangs && { LAB_PROGRAM_SECONDS: '1' }) },
  });
};
const others = { alertmanager: '0.33.1', amtool: '0.33.1' };
const minimum = /^minimum_prometheus=(\S+)$/m.exec(
  readFileSync(join(repository, 'scripts/minimum-versions.sh'), 'utf8'),
)![1]!;

for (const version of [`${minimum}.0 (branch: v)`, '3.13.5 (branch: HEAD)', '10.0.0']) {
  test(`Prometheus ${version} will do`, (t) => {
    const { status, stderr } = programsIn(t, { prometheus: version, promtool: version, ...others });
    assert.deepEqual([status, stderr], [0, '']);
  });
}

test('a Prometheus that is too old is named, with the version that is needed and how to get one', (t) => {
  const { status, stderr } = programsIn(t, { prometheus: '2.42.0+ds', promtool: '2.42.0+ds', ...others });
  assert.equal(status, 1);
  assert.match(stderr, /^lab: \S+\/bin\/prometheus is version 2\.42\.0, and the lab needs 3\.5 or newer: /);
  assert.match(stderr, /https:\/\/prometheus\.io\/download|brew install prometheus/);
});

test('one that gives no answer is named and not waited for, as every command would', (t) => {
  const { status, stderr } = programsIn(t, { prometheus: '', promtool: '3.13.5', ...others }, 'prometheus');
  assert.equal(status, 1);
  assert.match(
    stderr,
    /^lab: \S+\/bin\/prometheus --version gives no answer within 1 s: is that Prometheus\? Put another/,
  );
});

test('one that is missing is named as that', (t) => {
  const { status, stderr } = programsIn(t, others);
  assert.equal(status, 1);
  assert.match(stderr, /^lab: prometheus and promtool are missing: /);
});
