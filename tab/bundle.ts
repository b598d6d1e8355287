import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { experiments } from '../experiments/catalogue.ts';
import { repository } from '../scripts/host/repository.ts';
import { type EngineFiles, guidePage, indexOf, onCallOf } from './html.ts';
import { judgedLater } from './later.ts';

const pageFolder = join(import.meta.dirname, 'page');

/** What stands for Node's modules: nothing in a tab asks them, and whoever does is told. */
const absent = `
const refuse = (name) => () => { throw new Error(name + ' is not to be had in a browser tab'); };
module.exports = new Proxy({}, {
  get: (_, name) => (name === '__esModule' ? undefined : name === 'inspect' || name === 'format' ? String : refuse(String(name))),
});`;

/**
 * prom-client as a whole asks Node about its process when it is imported. What the exporter's signals use of it are
 * four files, which ask for no more than `util` to word their errors.
 */
const promClient = ['Registry', 'Counter', 'Gauge', 'Histogram']
  .map((name) => `exports.${name} = require('prom-client/lib/${name.toLowerCase()}.js');`)
  .join('\n');
export const fewOfPromClient: Plugin = {
  name: 'prom-client without the process',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^prom-client$/ }, ({ path }) => ({ path, namespace: 'few' }));
    onLoad({ filter: /.*/, namespace: 'few' }, () => ({ contents: promClient, resolveDir: repository }));
    onResolve({ filter: /^util$/ }, ({ path }) => ({ path, namespace: 'util' }));
    onLoad({ filter: /.*/, namespace: 'util' }, () => ({
      contents: 'exports.inspect = String; exports.format = String;',
    }));
  },
};

/**
 * All lessons are read at the start: in one file with the page they are packed together, and none is waited for alone.
 */
const lessonsAtOnce: Plugin = {
  name: 'lessons at once',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\/experiments\/catalogue\.ts$/ }, ({ path }) => {
      const imported: string[] = [];
      const text = readFileSync(path, 'utf8').replace(/import\(('[^']+')\)/g, (_, lesson: string) => {
        const name = `lesson${imported.length}`;
        imported.push(`import * as ${name} from ${lesson};`);
        return `Promise.resolve(${name})`;
      });
      return { loader: 'ts', contents: `${imported.join('')}${text}` };
    }),
};

/** What a browser has not: the network, for which the tab has one of its own, and Node's modules. */
const inATab: Plugin = {
  name: 'in a tab',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /\/fetch\.ts$/ }, ({ path, resolveDir }) =>
      join(resolveDir, path) === join(repository, 'lab/running/fetch.ts')
        ? { path: join(pageFolder, 'network.ts') }
        : undefined,
    );
    onResolve({ filter: /^node:/ }, ({ path }) => ({ path, namespace: 'absent' }));
    onLoad({ filter: /.*/, namespace: 'absent' }, () => ({ contents: absent }));
  },
};

const shared: BuildOptions = {
  bundle: true,
  write: false,
  minify: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  legalComments: 'none',
};

/** What the page On call says of the experiments: it loads no lesson for that. */
const titles = Object.fromEntries(experiments.map(({ slug, number, title }) => [slug, { number, title }]));

/** The pages of the lab in a tab, without the engine. @returns their files by their names */
export const bundleTab = async (files: EngineFiles): Promise<Map<string, string>> => {
  const { outputFiles = [] } = await build({
    ...shared,
    entryPoints: ['main.ts', 'main.css', 'on-call.ts', 'on-call.css'].map((name) => join(pageFolder, name)),
    outdir: pageFolder,
    splitting: true,
    // A name says the content: a browser may keep the file for good, and a new version asks for another.
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    define: { EXPERIMENTS: JSON.stringify(JSON.stringify(titles)) },
    plugins: [inATab, fewOfPromClient, lessonsAtOnce, judgedLater],
  });
  const made = outputFiles.map(({ path, text }) => [basename(path), text] as const);
  const named = (file: string): string => {
    const [name, end] = file.split('.');
    return made.find(([each]) => each.startsWith(`${name}-`) && each.endsWith(`.${end}`))![0];
  };
  return new Map([
    ...made,
    ['index.html', indexOf(named, files)],
    ['on-call.html', onCallOf(named, files)],
    ['icon.svg', guidePage('icon.svg')],
  ]);
};

/**
 * What keeps the page for a browser without a network.
 * @param page    as bundleTab made it
 * @param others  further files, whose names say their content
 */
export const bundleServiceWorker = async (
  page: ReadonlyMap<string, string>,
  others: readonly string[],
): Promise<string> => {
  const names = [...page.keys(), ...others].map((name) => (name === 'index.html' ? './' : name));
  const version = createHash('sha256')
    .update(JSON.stringify([[...page], others]))
    .digest('hex')
    .slice(0, 12);
  const { outputFiles = [] } = await build({
    ...shared,
    entryPoints: [join(pageFolder, 'service-worker.ts')],
    define: { FILES: JSON.stringify(names), VERSION: JSON.stringify(version) },
  });
  return outputFiles[0]!.text;
};
