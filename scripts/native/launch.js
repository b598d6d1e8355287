/**
 * Runs a TypeScript program of the lab on this machine:
 *
 *   node scripts/native/launch.js exporter/src/main.ts [ARGUMENT…]
 *
 * Reading some hundred modules without their types takes Node 20 most of a second, at every command. So what a program
 * is made of, its packages too, is kept as one file, in .lab/compiled, and made anew once a source has changed. Plain
 * JavaScript, since it is what reads TypeScript.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { inItsPlace } from './in-its-place.js';

const launcher = fileURLToPath(import.meta.url);
const repository = resolve(dirname(launcher), '../..');
const folder = join(repository, '.lab/compiled');

/** Of a source: what differs once it was written. */
const stateOf = (path) => {
  const stats = statSync(join(repository, path), { throwIfNoEntry: false });
  return stats === undefined ? 'gone' : `${stats.mtimeMs} ${stats.size}`;
};

/** Written whole or not at all: two commands may make the same. */
const put = (path, text) => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.${process.pid}`, text);
  renameSync(`${path}.${process.pid}`, path);
};

/** What npm has installed last stands for every file of a package. */
const installed = 'node_modules/.package-lock.json';

const compile = async (program, compiled) => {
  const { build } = await import('esbuild');
  const { outputFiles, metafile } = await build({
    ...inItsPlace(repository),
    entryPoints: [program],
    packages: 'bundle',
    // It looks for its own program beside its own files.
    external: ['esbuild'],
    // Packages that are written in CommonJS.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    metafile: true,
    write: false,
  });
  put(compiled, outputFiles[0].text);
  // The sources' states after the file itself: what is cut off half-way is made again.
  const ways = [launcher, join(dirname(launcher), 'in-its-place.js')].map((path) => relative(repository, path));
  const own = Object.keys(metafile.inputs).filter((path) => !path.includes('node_modules/'));
  const sources = [...own, installed, ...ways];
  put(`${compiled}.json`, JSON.stringify(sources.map((path) => [path, stateOf(path)])));
};

const isCurrent = (compiled) => {
  const list = `${compiled}.json`;
  return existsSync(list) && JSON.parse(readFileSync(list, 'utf8')).every(([path, state]) => stateOf(path) === state);
};

const [, , given = '', ...words] = process.argv;
const program = relative(repository, resolve(given));
const compiled = join(folder, `${program.replaceAll('/', '-').replace(/\.ts$/, '')}.js`);
if (!isCurrent(compiled)) await compile(program, compiled);
process.argv = [process.argv[0], join(repository, program), ...words];
// Whoever starts another program as this one was started starts it here.
process.execArgv = [launcher];
await import(pathToFileURL(compiled).href);
