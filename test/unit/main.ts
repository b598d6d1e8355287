/**
 * The unit tests of make test: every *.test.ts of the repository, once, or those that are named. The report goes to the
 * file that is named first. Ends with 1 where a test fails, or where a file has run none.
 *
 *   node scripts/native/launch.js test/unit/main.ts REPORT [FILE…]
 */
import { createWriteStream, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { repository } from '../../scripts/host/repository.ts';
import { inItsPlace } from '../../scripts/native/in-its-place.js';
import { processesFor } from './processes.ts';

const apart = /^(?:\.git|\.lab|\.artefacts|node_modules)$/;

const testFiles = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !apart.test(name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return testFiles(path);
      return path.endsWith('.test.ts') ? [path] : [];
    });

const [report = '', ...named] = process.argv.slice(2);
const wanted = named.length > 0 ? named.map((name) => join(repository, name)) : testFiles(repository);
// Those of test/ try whole commands and take longest, so they begin first.
const files = wanted.sort().reverse();

const preloaded = join(repository, 'test/unit/promise-hooks.ts');
// What each process would else read and translate for itself, is made JavaScript once; what they share is shared.
const folder = join(repository, '.lab/unit');
rmSync(folder, { recursive: true, force: true });
await build({
  ...inItsPlace(repository),
  entryPoints: [...files, preloaded],
  outbase: repository,
  outdir: folder,
  splitting: true,
  chunkNames: 'shared/[hash]',
  sourcemap: 'linked',
  sourcesContent: false,
});
const madeOf = (file: string): string => join(folder, relative(repository, file).replace(/\.ts$/, '.js'));
const sourceOf = new Map(files.map((file) => [madeOf(file), file]));

// Node starts a process for each file that it is given: one that imports several has them share it.
const entries = processesFor(files).map((together, index) => {
  const made = together.map(madeOf);
  if (made.length === 1) return made[0]!;
  const entry = join(folder, `${index}.js`);
  writeFileSync(entry, made.map((file) => `import './${relative(folder, file)}';\n`).join(''));
  return entry;
});
// A line of a stack is one of the source.
process.execArgv = ['--enable-source-maps', '--import', pathToFileURL(madeOf(preloaded)).href];

const silent = new Set(files);
// Most of them wait for programs that they have started. What hangs fails in the end; with both cores taken ten times over the longest needs a quarter of an hour.
const tests = run({ files: entries, concurrency: 3 * availableParallelism(), timeout: 1_800_000 });
const heard = (file = '') => silent.delete(sourceOf.get(file) ?? file);
tests.on('test:pass', ({ file }) => heard(file));
tests.on('test:fail', ({ file }) => {
  heard(file);
  process.exitCode = 1;
});
await pipeline(tests, new spec(), createWriteStream(report));
for (const file of silent) {
  console.error(`no test has run: ${relative(repository, file)}`);
  process.exitCode = 1;
}
