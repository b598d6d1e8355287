import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { repository } from '../../scripts/host/repository.ts';

const tracked = execFileSync('git', ['ls-files'], { cwd: repository, encoding: 'utf8' }).trim().split('\n');
const read = (file: string) => readFileSync(join(repository, file), 'utf8');

type Manifest = { dependencies?: Record<string, string>; devDependencies?: Record<string, string> };
const manifestOf = (folder: string): Manifest => JSON.parse(read(join(folder, 'package.json')));

/** The packages that a file imports, by name. */
const importedBy = (file: string): string[] =>
  [...read(file).matchAll(/(?:^import |^\} from |^(?:import|export) [^'\n=]* from |\bimport\()'([^'./][^'\n]*)'/gm)]
    .map(([, name]) => name!)
    .filter((name) => !isBuiltin(name))
    .map((name) => /^(@[^/]+\/)?[^/]+/.exec(name)![0]);

/** The nearest folder above a file that has a package.json. */
const homeOf = (file: string): string => {
  for (let folder = dirname(file); folder !== '.'; folder = dirname(folder)) {
    if (existsSync(join(repository, folder, 'package.json'))) return folder;
  }
  return '.';
};

/** Tests may use what the repository as a whole develops with. */
const isTest = (file: string) => /(^|\/)test\/|\.test\.ts$/.test(file);

test('every package is declared where it is imported, and in an image for what runs there', () => {
  const missing = tracked
    .filter((file) => /\.(ts|js|mjs)$/.test(file))
    .flatMap((file) => {
      const home = homeOf(file);
      const own = manifestOf(home);
      const root = manifestOf('.');
      const declared = {
        ...own.dependencies,
        ...own.devDependencies,
        ...(isTest(file) ? { ...root.dependencies, ...root.devDependencies } : {}),
      };
      return importedBy(file).flatMap((name) =>
        name in declared ? [] : [`${file} imports ${name}: ${home}/package.json`],
      );
    });
  assert.deepEqual(missing, []);
});

test('every version is exact', () => {
  const loose = tracked
    .filter((file) => /(^|\/)package\.json$/.test(file))
    .flatMap((file) => {
      const { dependencies, devDependencies } = manifestOf(dirname(file));
      return Object.entries({ ...dependencies, ...devDependencies }).flatMap(([name, version]) =>
        /^\d+\.\d+\.\d+$/.test(version) ? [] : [`${file}: ${name} ${version}`],
      );
    });
  assert.deepEqual(loose, []);
});
