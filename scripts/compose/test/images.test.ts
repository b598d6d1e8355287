// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is what a Dockerfile interpolates
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { folderFor } from '../../../test/support/folder.ts';
import { repository } from '../../host/repository.ts';

const dockerfiles = [
  'exporter',
  'prometheus',
  'alertmanager',
  'grafana',
  'guide',
  'scripts/cli',
  'pushgateway',
  'blackbox',
  'thanos',
  'victoriametrics',
].map((folder) => `${folder}/Dockerfile`);
const sourced = ['cli/shell.sh', 'cli/runtime.sh', 'minimum-versions.sh', 'compose/docker.sh', 'compose/images.sh'];

/** Runs the functions of images.sh in a folder, where Docker has these images. */
const run = (folder: string, script: string, images = '', environment: Record<string, string> = {}): string => {
  const sources = sourced.map((name) => `. '${join(repository, 'scripts', name)}'`).join('; ');
  return execFileSync(
    'sh',
    ['-c', `set -eu; program=lab lab_folder=.lab project=lab; ${sources}; images='${images}'; ${script}`],
    {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, NODE_IMAGE: 'node:24', ...environment },
    },
  ).trimEnd();
};

/** Whether a name is one that a pattern of COPY means, such as `compose*.yaml`. */
const fits = (pattern: string, name: string): boolean => {
  const [start = '', end = ''] = pattern.split('*');
  return name.startsWith(start) && name.endsWith(end);
};

/** What a Dockerfile copies of the build context, read in another way than the shell does. */
const copiedBy = (dockerfile: string): string[] => {
  const copies = readFileSync(join(repository, dockerfile), 'utf8').matchAll(/^COPY (?!.*--from=)(.*)$/gm);
  const sources = [...copies].flatMap(([, words]) =>
    words!
      .split(' ')
      .filter((word) => !word.startsWith('--'))
      .slice(0, -1),
  );
  const found = sources.flatMap((source) => {
    if (source.includes('*'))
      return readdirSync(join(repository, dirname(source)))
        .filter((name) => fits(basename(source), name))
        .map((name) => join(dirname(source), name));
    if (!statSync(join(repository, source)).isDirectory()) return [source];
    const names = readdirSync(join(repository, source), { recursive: true, encoding: 'utf8' });
    return names.map((name) => join(source, name)).filter((name) => statSync(join(repository, name)).isFile());
  });
  return [...new Set([dockerfile, ...found])].filter((name) => !name.includes('node_modules/')).sort();
};

for (const dockerfile of dockerfiles) {
  test(`${dockerfile}: every file that it copies decides whether its image is built, and no other`, () => {
    const files = run(repository, `copied_by ${dockerfile} | cut -f 2`).split('\n');
    assert.deepEqual([...new Set(files)].sort(), copiedBy(dockerfile));
  });
}

test('nothing reaches an image but by COPY, and .dockerignore holds what the hash knows how to leave out', () => {
  for (const dockerfile of dockerfiles) {
    assert.doesNotMatch(
      readFileSync(join(repository, dockerfile), 'utf8'),
      /^ADD |--mount=|^COPY \[|\\\n.*COPY/m,
      dockerfile,
    );
  }
  // A name at the top is of a folder that no Dockerfile copies.
  const lines = readFileSync(join(repository, '.dockerignore'), 'utf8').trim().split('\n');
  for (const line of lines) assert.match(line, /^(\*\*\/[\w.*-]+|\.?[a-z]+)$/);
  for (const name of lines.filter((line) => !line.startsWith('**'))) {
    for (const dockerfile of dockerfiles)
      assert.ok(!copiedBy(dockerfile).some((file) => file.startsWith(`${name}/`)), name);
  }
});

/** A repository of one image. */
const makeRepository = (t: TestContext) => {
  const folder = folderFor(t);
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };

  write('.dockerignore', '.git\n**/node_modules\n');
  write('a/Dockerfile', 'ARG NODE_IMAGE\nFROM ${NODE_IMAGE}\nCOPY --chmod=755 a/src b/*.ts ./\nCOPY --from=x c d\n');
  for (const name of ['a/src/deep/one.ts', 'a/src/it\'s "new".ts', 'b/two.ts', 'b/two.js', 'c/three.ts'])
    write(name, name);
  return { folder, write };
};
const base = 'node:24 sha256:1';

test('a changed, a new and a lost file, another base image and another argument change the hash', (t) => {
  const { folder, write } = makeRepository(t);
  const hash = (images = base, environment = {}) =>
    run(folder, 'mkdir -p .lab; hashes_of a/Dockerfile', images, environment);
  const seen = new Set([hash()]);
  const differs = (what: string, next: string) => {
    assert.ok(!seen.has(next), what);
    seen.add(next);
  };
  write('a/src/deep/one.ts', 'changed');
  differs('a changed file', hash());
  write('a/src/deep/new.ts', '');
  differs('a new file', hash());
  write('a/Dockerfile', `${readFileSync(join(folder, 'a/Dockerfile'), 'utf8')}USER node\n`);
  differs('the Dockerfile', hash());
  differs('a base image of the same name', hash('node:24 sha256:2'));
  differs('another base image', hash(base, { NODE_IMAGE: 'node:26' }));
});

test('what does not go into an image changes nothing', (t) => {
  const { folder, write } = makeRepository(t);
  const hash = () => run(folder, 'mkdir -p .lab; hashes_of a/Dockerfile', base);
  const before = hash();
  for (const name of ['b/two.js', 'b/deep/three.ts', 'c/three.ts', 'a/src/node_modules/x.ts', 'README.md'])
    write(name, 'changed');
  write('.env', 'GUIDE_PORT=1\n');
  assert.equal(hash(), before);
});

test('what goes into one image alone changes its hash alone, and the hash is the same whoever else is asked for', (t) => {
  const { folder, write } = makeRepository(t);
  write('other/Dockerfile', 'FROM scratch\nCOPY a/src/deep c ./\n');
  const both = (...dockerfiles: string[]) =>
    run(folder, `mkdir -p .lab; hashes_of ${dockerfiles.join(' ')}`, base).split('\n');
  const [one, other] = both('a/Dockerfile', 'other/Dockerfile');
  assert.deepEqual([both('a/Dockerfile'), both('other/Dockerfile')], [[one], [other]]);
  assert.deepEqual(both('other/Dockerfile', 'a/Dockerfile'), [other, one]);
  write('c/three.ts', 'changed');
  const [same, changed] = both('a/Dockerfile', 'other/Dockerfile');
  assert.equal(same, one);
  assert.notEqual(changed, other);
  write('a/src/deep/one.ts', 'changed');
  assert.ok(!both('a/Dockerfile', 'other/Dockerfile').some((hash) => [same, changed].includes(hash)));
});

test('an image is built where its inputs changed, or where it is another one than was built from them', (t) => {
  const { folder, write } = makeRepository(t);
  write('compose.yaml', 'services:\n  one:\n    image: lab/one\n    build:\n      dockerfile: a/Dockerfile\n');
  const stale = (images: string) => run(folder, 'mkdir -p .lab; built_from compose.yaml | find_stale', images);
  const there = `${base}\nlab/one:latest sha256:a`;
  const first = stale(there);
  assert.match(first, /^one lab\/one \w+$/);
  run(folder, `list_images() { :; }; note_built '${first}'`, there);
  assert.equal(stale(there), '');
  assert.equal(stale(`${base}\nlab/one:latest sha256:b`), first, 'built elsewhere meanwhile');
  assert.equal(stale(base), first, 'deleted');
  write('a/src/deep/one.ts', 'changed');
  const second = stale(there);
  assert.notEqual(second, '');
  run(folder, `list_images() { :; }; note_built '${second}'`, there);
  assert.equal(stale(there), '');
  assert.equal(readFileSync(join(folder, '.lab/built'), 'utf8').trim().split('\n').length, 1);
});

for (const tool of ['sha256sum', 'shasum', 'cksum']) {
  test(`${tool} is enough to distinguish two files`, (t) => {
    const { folder, write } = makeRepository(t);
    const only = `has() { [ "$1" = ${tool} ] || [ "$1" = none ]; }; mkdir -p .lab; hashes_of a/Dockerfile`;
    const before = run(folder, only, base);
    assert.match(before, /^a\/Dockerfile \w+$/);
    assert.equal(run(folder, only, base), before);
    write('b/two.ts', 'another');
    assert.notEqual(run(folder, only, base), before);
  });
}
