/**
 * The unit tests of make test: every *.test.ts of the repository, once. The report goes to the file that is named.
 * Ends with 1 where a test fails, or where a file has run none.
 *
 *   node --import tsx test/unit/main.ts REPORT
 */
import { createWriteStream, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { repository } from '../../scripts/host/repository.ts';
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

// Those of test/ try whole commands and take longest, so they begin first.
const files = testFiles(repository).sort().reverse();

/** A module that imports all of them: Node starts a process for each file that it is given. */
const folder = join(repository, '.lab/unit');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const entries = processesFor(files).map((together, index) => {
  if (together.length === 1) return together[0]!;
  const entry = join(folder, `${index}.ts`);
  writeFileSync(entry, together.map((file) => `import '${relative(folder, file)}';\n`).join(''));
  return entry;
});

const silent = new Set(files);
// Most of them wait for programs that they have started.
const tests = run({ files: entries, concurrency: 3 * availableParallelism() });
tests.on('test:pass', ({ file }) => silent.delete(file ?? ''));
tests.on('test:fail', ({ file }) => {
  silent.delete(file ?? '');
  process.exitCode = 1;
});
await pipeline(tests, new spec(), createWriteStream(process.argv[2]!));
for (const file of silent) {
  console.error(`no test has run: ${relative(repository, file)}`);
  process.exitCode = 1;
}
