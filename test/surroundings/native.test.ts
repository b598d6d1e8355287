import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { repository } from '../../scripts/host/repository.ts';
import { cloneFor, ofTheShell } from '../support/clone.ts';

/** What the native runtime does of the README's commands before anything runs, whatever is around it. */

const native = { RUNTIME: 'native' };
const commands: [target: string, code: number, output: RegExp][] = [
  ['status', 0, /^runtime: native \(RUNTIME=native\)\nlab: prometheus-lab\nnothing is running\n$/],
  ['logs', 0, /^runtime: native/],
  ['check-2', 2, /The lab is not running\.\n {2}Type: make up\n/],
  ['solve-2', 2, /The lab is not running\.\n {2}Type: make up\n/],
  ['progress', 2, /The lab is not running\.\n {2}Type: make up\n/],
  ['down', 0, /^runtime: native/],
  ['clean', 0, /^runtime: native/],
];
const proxy = 'http://127.0.0.1:9';
/** Some at a time: what each of them would change shows as well beside the others. */
const surroundings: [what: string, environment: Record<string, string | undefined>][] = [
  ['nothing', {}],
  [
    'proxies, another project in COMPOSE_*, and npm for production',
    {
      ...{ http_proxy: proxy, HTTP_PROXY: proxy, NODE_USE_ENV_PROXY: '1' },
      ...{ COMPOSE_FILE: '/elsewhere.yaml', COMPOSE_PROJECT_NAME: 'other' },
      ...{ NODE_ENV: 'production', npm_config_omit: 'dev', npm_config_workspaces: 'false' },
    },
  ],
  ['CDPATH, TERM=dumb, and no home', { CDPATH: '/tmp:/', TERM: 'dumb', HOME: undefined }],
];
describe('without Docker every command does what it does elsewhere', { concurrency: 4 }, () => {
  for (const [what, environment] of surroundings) {
    test(`with ${what} around it`, async (t) => {
      const { run } = cloneFor(t, 'a path with spaces', ofTheShell);
      for (const [target, code, output] of commands) {
        const ended = await run(['make', target], { ...native, ...environment });
        assert.equal(ended.code, code, `make ${target}: ${ended.stderr}`);
        assert.match(ended.stderr + ended.stdout, output, target);
        assert.deepEqual(ended.calls, [], 'Docker is not asked');
      }
    });
  }
});

test('what Node does is the same with all of that around it at once, in a clone made under umask 077', async (t) => {
  const { folder, run } = cloneFor(t, 'a path with spaces');
  const environment = Object.assign({ ...native }, ...surroundings.map(([, each]) => each));
  for (const target of ['docs', 'dashboards']) {
    const { code, stderr } = await run(['sh', '-c', 'umask 077; exec make "$1"', 'sh', target], environment);
    assert.equal(code, 0, stderr);
  }
  for (const name of ['README.md', 'docs/experiments.md']) {
    assert.equal(readFileSync(join(folder, name), 'utf8'), readFileSync(join(repository, name), 'utf8'), name);
  }
});

test('a colon in the path of the clone, which PATH cannot hold, is named', async (t) => {
  const { folder, run } = cloneFor(t, 'colon:colon', ofTheShell);
  const { code, stderr } = await run(['make', 'status'], native);
  assert.equal(code, 2);
  assert.ok(
    stderr.includes(`lab: PATH cannot hold a folder with a colon in its name, and the lab is in ${folder}: move it`),
    stderr,
  );
});

test('a Docker that never answers is not waited for: the lab runs without it, and says why', async (t) => {
  const { code, stderr } = await cloneFor(t, undefined, ofTheShell).run(['make', 'status'], {
    DOCKER_HANGS: 'version',
    LAB_DOCKER_SECONDS: '1',
  });
  assert.equal(code, 0);
  assert.match(stderr, /^runtime: native \(the Docker engine gives no answer within 1 s\)$/m);
});

test('without Docker no container is asked for, whatever its name', async (t) => {
  const { code, calls } = await cloneFor(t, undefined, ofTheShell).run(['make', 'status'], native);
  assert.equal(code, 0);
  assert.deepEqual(calls, []);
});

test('a runtime that does not exist is named', async (t) => {
  const { code, stderr } = await cloneFor(t, undefined, ofTheShell).run(['make', 'up'], { RUNTIME: 'podman' });
  assert.equal(code, 2);
  assert.match(stderr, /^lab: RUNTIME must be compose or native, got "podman"$/m);
});

// Root may write everywhere: it is another user who finds what a sudo has left.
const asUser = process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];
const skip = asUser.length > 0 && spawnSync(asUser[0]!, ['--version']).status !== 0 && 'root, and no setpriv';

const left: [what: string, make: (folder: string) => string][] = [
  ['.lab', (folder) => folder],
  ['a log', (folder) => join(folder, 'logs/guide.log')],
  ['what was applied', (folder) => join(folder, 'applied')],
  ['the lock', (folder) => join(folder, 'lock')],
];
for (const [what, pathOf] of left) {
  test(`${what} that cannot be written is named at once, with its owner`, { skip }, async (t) => {
    const { folder, run } = cloneFor(t, undefined, ofTheShell);
    const lab = join(folder, '.lab');
    mkdirSync(join(lab, 'logs'), { recursive: true });
    const path = pathOf(lab);
    if (what === 'the lock') mkdirSync(path);
    else if (path !== lab) writeFileSync(path, '');
    if (asUser.length > 0)
      for (const each of [join(folder, '..'), folder, lab, join(lab, 'logs')]) chownSync(each, 65_534, 65_534);
    if (asUser.length > 0) chownSync(path, 0, 0);
    chmodSync(path, what.startsWith('.lab') || what === 'the lock' ? 0o555 : 0o444);
    const { code, stderr } = await run([...asUser, 'make', 'down'], native);
    chmodSync(path, 0o755);
    assert.equal(code, 2, stderr);
    // What is one's own is not somebody else's: only its rights are in the way.
    const why =
      asUser.length > 0
        ? 'which \\S+ owns; to have it back: sudo chown -R \\S+ \\.lab'
        : 'whose rights forbid it \\(ls -ld \\S+\\); to change them: chmod -R u\\+rwX \\.lab\\S*';
    assert.match(
      stderr,
      new RegExp(`lab: cannot write to \\.lab${path.slice(lab.length) || ` in ${folder}`}, ${why}\\n`),
    );
  });
}

const mounts = spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;
const noMounts = mounts ? false : 'needs root on Linux, to mount a small disk';
const disks: [what: string, options: string, before: string, sentence: string][] = [
  [
    'a full disk',
    'rw',
    'head -c 100000 /dev/zero >.lab/x',
    'its disk is full (df -h . shows it); make room, then try again',
  ],
  ['a read-only disk', 'ro', ':', 'its disk is mounted read-only; clone the lab to a disk that can be written'],
  ['a disk that starts no program', 'noexec', ':', 'is its disk mounted with noexec?'],
];
for (const [what, options, before, sentence] of disks) {
  test(`${what} is named as what it is, and no sudo is advised`, { skip: noMounts }, async (t) => {
    const { run } = cloneFor(t, undefined, ofTheShell);
    const script = `mkdir -p .lab && mount -t tmpfs -o size=64k tmpfs .lab && { ${before}; mount -o remount,${options} .lab; } 2>/dev/null; exec make status`;
    const { code, stderr } = await run(['unshare', '-m', 'sh', '-c', script], native);
    assert.equal(code, 2, stderr);
    assert.ok(stderr.includes(sentence), stderr);
    assert.doesNotMatch(stderr, /sudo|I\/O error/);
  });
}

test('a lab is stopped, and its data deleted, also on a full disk', { skip: noMounts }, async (t) => {
  const { run } = cloneFor(t, undefined, ofTheShell);
  const fill = 'mkdir .lab/data && { cat /dev/zero >.lab/data/block; cat /dev/zero >.lab/x; } 2>/dev/null';
  const script = `mkdir -p .lab && mount -t tmpfs -o size=64k tmpfs .lab; ${fill}; make down && make clean && ls .lab`;
  const { code, stdout, stderr } = await run(['unshare', '-m', 'sh', '-c', script], native);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^x$/m);
  assert.doesNotMatch(stdout, /^data$/m);
  assert.doesNotMatch(stderr, /I\/O error|disk is full/);
});

const ends: [stream: string, what: string][] = [
  ['>&-', 'standard output is closed'],
  ['2>&-', 'standard error is closed'],
  ['<&-', 'standard input is closed'],
  ['>/dev/full', 'standard output takes nothing'],
  ['2>/dev/full', 'standard error takes nothing'],
];
for (const [stream, what] of ends) {
  test(`where ${what} a command says nothing that is wrong, and shows no stack`, async (t) => {
    const { run } = cloneFor(t, undefined, ofTheShell);
    for (const target of ['check-3', 'solve-3', 'progress', 'status']) {
      const { code, stdout, stderr } = await run(['sh', '-c', `make ${target} ${stream}`], native);
      assert.equal(code, target === 'status' ? 0 : 2, `${target}: ${stderr}`);
      assert.doesNotMatch(stdout + stderr, /there is no experiment|node:|^ +at /m, target);
      if (!stream.startsWith('2'))
        assert.match(stderr, target === 'status' ? /^runtime: native/ : /The lab is not running/);
    }
  });
}

test('what cannot be printed ends in one sentence, and a reader that has left is no fault', () => {
  const shell = (script: string) => spawnSync('sh', ['-c', script], { cwd: repository, encoding: 'utf8' });
  const describes = 'node --import tsx scripts/cli/main.ts describe exp-1';
  const full = shell(`${describes} >/dev/full`);
  assert.deepEqual([full.status, full.stderr], [2, 'lab: the output cannot be written: its disk is full\n']);
  const left = shell(`{ ${describes}; echo $? >&2; } | true`);
  assert.equal(left.stderr, '0\n');
});

test('a .env that is missing is one sentence', async (t) => {
  const { folder, run } = cloneFor(t, undefined, ofTheShell);
  rmSync(join(folder, '.env'));
  for (const target of ['up', 'check-2', 'status']) {
    const { code, stderr } = await run(['make', target], native);
    assert.equal(code, 2);
    assert.match(
      stderr,
      /^lab: \.env is missing: it holds the lab's versions and defaults, and git checkout \.env brings it back\nmake: [^\n]*\n$/,
    );
  }
});

test('a lab whose name could be a path or an option is refused by name', async (t) => {
  const { run } = cloneFor(t, undefined, ofTheShell);
  for (const name of ['../x', 'Two', '-x', 'a b', 'a'.repeat(31)]) {
    const { code, stderr } = await run(['make', 'status', `LAB=${name}`], native);
    assert.equal(code, 2);
    assert.ok(stderr.startsWith('lab: LAB must be a name of letters a to z, digits and -, 30 at most'), stderr);
  }
});
