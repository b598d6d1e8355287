import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { repository } from '../../scripts/host/repository.ts';

const version = /^THANOS_IMAGE=.*:v(.*)$/m.exec(readFileSync(join(repository, '.env'), 'utf8'))?.[1];
const shellTools = 'sh sed awk grep head tail sort cat mktemp mkdir rm dirname uname tr date chmod sleep'.split(' ');

/** A machine whose Go is the shell script given, or that has none; the cache folder is its own. */
const machine = (t: TestContext, go?: string) => {
  const folder = mkdtempSync(join(tmpdir(), 'lab-go-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const bin = join(folder, 'bin');
  const cache = join(folder, 'cache', 'prometheus-lab');
  mkdirSync(bin);
  for (const tool of shellTools) {
    symlinkSync(spawnSync('sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).stdout.trim(), join(bin, tool));
  }
  if (go !== undefined) {
    writeFileSync(join(bin, 'go'), `#!/bin/sh\n${go}\n`);
    chmodSync(join(bin, 'go'), 0o755);
  }
  const ask = (...words: string[]) =>
    spawnSync('sh', [join(repository, 'packaging/go-programs.sh'), ...words], {
      encoding: 'utf8',
      env: { PATH: bin, XDG_CACHE_HOME: join(folder, 'cache') },
    });
  return { folder, cache, ask };
};

/** A Go of that version to which the module says that it needs 1.26.0; it builds what the shell script makes. */
const goOf = (release: string, build = 'echo "go: asked to build" >&2; exit 1') => `case $1 in
  env) echo go${release} ;;
  mod) printf 'module x\\ngo 1.26.0\\n' >"$PWD/x.mod"; printf '\\t"GoMod": "%s",\\n' "$PWD/x.mod" ;;
  build) ${build} ;;
esac`;

test('without Go it says so, and ends with 3', (t) => {
  const { ask } = machine(t);
  const { status, stdout, stderr } = ask('thanos');
  assert.deepEqual([status, stdout], [3, '']);
  assert.equal(stderr, `go-programs: thanos ${version} cannot be built here: Go is not installed\n`);
});

test('a Go older than the module asks for is named with both versions', (t) => {
  const { ask, cache } = machine(t, goOf('1.19.8'));
  const { status, stderr } = ask('thanos');
  assert.equal(status, 3);
  assert.equal(
    stderr,
    `go-programs: thanos ${version} cannot be built here: it needs Go 1.26.0 or newer, this is Go 1.19.8\n`,
  );
  assert.deepEqual(readdirSync(cache), [], 'nothing is left behind');
});

test('a module that cannot be had is named with the words of Go', (t) => {
  const { ask } = machine(
    t,
    `[ "$1" = env ] && exec echo go1.26.8; printf '\\t"Error": "dial: \\\\"no\\\\" way"\\n'; exit 1`,
  );
  const { status, stderr } = ask('thanos');
  assert.equal(status, 3);
  assert.equal(
    stderr,
    `go-programs: thanos ${version} cannot be built here: its module cannot be had (dial: "no" way)\n`,
  );
});

test('a build that fails is an error, and not a machine that cannot build', (t) => {
  const { ask, cache } = machine(t, goOf('1.26.8'));
  const { status, stderr } = ask('thanos');
  assert.equal(status, 1);
  assert.match(stderr, /go: asked to build\ngo-programs: thanos \S+ could not be built, Go's own words are above\n$/);
  assert.deepEqual(readdirSync(cache), []);
});

test('a program that is built and does not answer a query does not count as built', (t) => {
  const build = 'mkdir bin; for name in prometheus promtool; do echo exit >bin/$name; chmod 755 bin/$name; done';
  const { ask, cache } = machine(t, goOf('1.26.8', build));
  const { status, stdout, stderr } = ask('prometheus');
  assert.deepEqual([status, stdout], [1, '']);
  assert.match(
    stderr,
    /\ngo-programs: prometheus \S+ was built and does not answer a query; its own words are above\n$/,
  );
  assert.deepEqual(readdirSync(cache), []);
});

test('what was built by the same recipe is not built again, whatever Go there is', (t) => {
  const { ask, cache } = machine(t);
  const machineName = spawnSync('uname', ['-sm'], { encoding: 'utf8' }).stdout.trim().replace(' ', '-');
  const built = join(cache, `thanos-${version}-${machineName}`);
  mkdirSync(built, { recursive: true });
  writeFileSync(join(built, 'built-from'), `github.com/thanos-io/thanos v${version} cmd/thanos netgo,slicelabels\n`);
  assert.equal(ask('thanos').stdout, `${built}\n`);
  writeFileSync(join(built, 'built-from'), `github.com/thanos-io/thanos v${version} cmd/thanos netgo\n`);
  assert.equal(ask('thanos').status, 3, 'other tags are another recipe');
});

test('asked only for what was built before, it builds nothing', (t) => {
  const { ask, cache } = machine(t);
  const { status, stderr } = ask('--kept', 'thanos');
  assert.equal(status, 3);
  assert.match(stderr, /only what was built before was asked for\n$/);
  assert.equal(existsSync(cache), false);
});

test('an unknown name is answered with the names that there are', (t) => {
  const { status, stderr } = machine(t).ask('grafana');
  assert.equal(status, 1);
  assert.equal(stderr, 'go-programs: the name must be one of prometheus, thanos, victoriametrics, got "grafana"\n');
});

test('the line of earlier notes, with scripts/ in it, does the same', () => {
  const answers = ['packaging', 'scripts'].map((folder) => {
    const { status, stdout, stderr } = spawnSync('sh', [join(repository, folder, 'go-programs.sh'), 'grafana'], {
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  });
  assert.deepEqual(answers[1], answers[0]);
  assert.match(answers[0]!.stderr, /the name must be one of/);
});
