/**
 * Runs a TypeScript program of the lab on this machine:
 *
 *   node scripts/native/launch.js exporter/src/main.ts [ARGUMENT…]
 *
 * Reading some hundred modules without their types takes Node 20 most of a second, at every command. So what a program
 * is made of, its packages too, is kept as one script, in .lab/compiled, and made anew once a source has changed; what V8
 * makes of the script is kept beside it. Plain JavaScript, since it is what reads TypeScript.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';

const launcher = fileURLToPath(import.meta.url);
const repository = resolve(dirname(launcher), '../..');
const folder = join(repository, '.lab/compiled');
const ways = ['launch.js', 'compile.js', 'in-its-place.js'].map((name) => `scripts/native/${name}`);
/** V8 knows what it has made of a script by the length alone. So the first line says which script this is. */
const markLength = 64;
/** What npm has installed last stands for every file of a package. */
const installed = 'node_modules/.package-lock.json';

/** Of a source: what differs once it was written. */
const stateOf = (path) => {
  const stats = statSync(join(repository, path), { throwIfNoEntry: false });
  return stats === undefined ? 'gone' : `${stats.mtimeMs} ${stats.size}`;
};

/** Written whole or not at all: two commands may make the same. */
const put = (path, content) => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.${process.pid}`, content);
  renameSync(`${path}.${process.pid}`, path);
};

const make = async (program, compiled) => {
  const [{ createHash }, { compile }] = await Promise.all([import('node:crypto'), import('./compile.js')]);
  const { text, sources } = await compile(repository, program);
  const digest = createHash('sha256').update(text).digest('hex');
  put(compiled, `${`//${digest}`.slice(0, markLength - 1)}\n${text}`);
  // The sources' states after the script itself: what is cut off half-way is made again.
  put(`${compiled}.json`, JSON.stringify([...sources, installed, ...ways].map((path) => [path, stateOf(path)])));
};

const isCurrent = (compiled) => {
  const list = `${compiled}.json`;
  return existsSync(list) && JSON.parse(readFileSync(list, 'utf8')).every(([path, state]) => stateOf(path) === state);
};

const [, , given = '', ...words] = process.argv;
const program = relative(repository, resolve(given));
const compiled = join(folder, `${program.replaceAll('/', '-').replace(/\.ts$/, '')}.js`);
if (!isCurrent(compiled)) await make(program, compiled);
process.argv = [process.argv[0], join(repository, program), ...words];
// Whoever starts another program as this one was started starts it here.
process.execArgv = [launcher];

const text = readFileSync(compiled, 'utf8');
const mark = text.slice(0, markLength);
const cache = `${compiled}.cache`;
const kept = existsSync(cache) ? readFileSync(cache) : undefined;
const isOfThis = kept?.toString('latin1', 0, markLength) === mark;
const script = new Script(text, { filename: compiled, cachedData: isOfThis ? kept.subarray(markLength) : undefined });
if (!isOfThis || script.cachedDataRejected) {
  // At the end, when all that was needed is in it.
  process.on('exit', () => {
    try {
      put(cache, Buffer.concat([Buffer.from(mark, 'latin1'), script.createCachedData()]));
    } catch {
      // Where nothing can be written the program takes longer, and is the same.
    }
  });
}
await script.runInThisContext()(createRequire(launcher));
