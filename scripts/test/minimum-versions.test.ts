import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { repository } from '../host/repository.ts';

const file = 'scripts/minimum-versions.sh';
const read = (name: string) => readFileSync(join(repository, name), 'utf8');
const minimum = (name: string): string => new RegExp(`^minimum_${name}=(\\S+)$`, 'm').exec(read(file))![1]!;

test('package.json asks npm for the Node that the scripts ask for', () => {
  assert.equal(JSON.parse(read('package.json')).engines.node, `>=${minimum('node')}`);
  assert.equal(JSON.parse(read('package-lock.json')).packages[''].engines.node, `>=${minimum('node')}`);
});

test('the README names the versions that the scripts ask for, and no others', () => {
  const named = (what: string) =>
    new Set(
      [...read('README.md').matchAll(new RegExp(`${what} (\\d[\\d.]*\\d|\\d)`, 'g'))].map(([, version]) => version),
    );
  assert.deepEqual([...named('Node')], [minimum('node')]);
  assert.deepEqual([...named('Compose')], [minimum('compose')]);
});

test('no other script says a minimum of its own', () => {
  const scripts = ['scripts', '.ci', 'test'].flatMap((folder) =>
    readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  );
  for (const name of scripts.filter((each) => /\.sh$|\/run$/.test(each) && each !== file)) {
    for (const version of [minimum('node'), minimum('compose')]) assert.ok(!read(name).includes(version), name);
  }
});

const comparisons: [minimum: string, version: string, suffices: boolean][] = [
  ['2.24.4', '2.24.4', true],
  ['2.24.4', '2.24.10', true],
  ['2.24.4', '2.24.4-desktop.1', true],
  ['2.24.4', '2.40.3+ds1', true],
  ['2.24.4', '10.0', true],
  ['2.24.4', '2.24.3', false],
  ['2.24.4', '2.9.9', false],
  ['20.12', '20.9.0', false],
  ['20.12', '20.12.0', true],
];
for (const [least, version, suffices] of comparisons) {
  test(`${version} is ${suffices ? 'at least' : 'older than'} ${least}`, () => {
    const { status } = spawnSync('sh', ['-c', `. ./${file}; is_at_least ${least} ${version}`], { cwd: repository });
    assert.equal(status, suffices ? 0 : 1);
  });
}
