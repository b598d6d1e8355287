import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { repository } from '../../scripts/host/repository.ts';

const others = new Set(['node_modules', '.git', '.lab', '.artefacts']);

/** The files that build or start something: scripts, images, what Compose reads. */
const files = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => !others.has(name))
    .map((name) => join(folder, name))
    .flatMap((path) => (statSync(path).isDirectory() ? files(path) : [path]))
    .filter((path) => /\.sh$|Dockerfile$|\.ya?ml$|\.env$|Makefile$|\/run$/.test(path));

test('nothing that builds or starts the lab is for one kind of processor', () => {
  const naming = files(repository).filter((path) => /amd64|x86_64|arm64|aarch64/.test(readFileSync(path, 'utf8')));
  // Derives the name of npm's package from Debian's own, and has both.
  assert.deepEqual(
    naming.map((path) => relative(repository, path)),
    ['packaging/images-debian.sh'],
  );
  const script = readFileSync(join(repository, 'packaging/images-debian.sh'), 'utf8');
  assert.match(script, /case \$architecture in\n +amd64\) cpu=x64 ;;\n +arm64\) cpu=arm64 ;;/);
});
