import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { compiling, policyOf } from '../guide/src/headers.ts';
import { repository } from '../scripts/host/repository.ts';

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

/** What the page loads of the engine, by the names of the files beside it. */
export type EngineFiles = {
  /** the compiled program, packed if its name ends so */
  engine: string;
  /** unpacked */
  engineBytes: number;
  /** Go's wasm_exec.js */
  starter: string;
};

/** The guide's page, with what only a simulated lab has. @param named  the page's files, as esbuild has named them */
const indexOf = (html: string, named: (file: string) => string, files: EngineFiles): string =>
  html
    .replace('/assets/main.css', named('main.css'))
    .replace('/assets/main.js', named('main.js'))
    .replaceAll('/assets/', '')
    .replace('/?view=projector', '?view=projector')
    .replace(
      /\n.*reload\.js.*/,
      `
    <meta http-equiv="Content-Security-Policy" content="${policyOf(compiling)}" />
    <meta name="engine" content="${files.engine}" data-bytes="${files.engineBytes}" />
    <script defer src="${files.starter}"></script>`,
    )
    .replace(/\n.*id="on-call".*/, '')
    .replace(/\n.*rel="license".*/, '\n    <link rel="license" href="licences.txt" />')
    .replace(
      '\n      </figure>',
      `
        <div id="beside" hidden>
          <p id="beside-words"></p>
          <div id="beside-chart" role="img" aria-labelledby="beside-words"></div>
          <table id="beside-answers"></table>
        </div>
      </figure>`,
    )
    .replace(
      '<div id="notice"',
      '<section id="controls" aria-label="The simulated lab" aria-busy="true"></section>\n    <div id="notice"',
    );

const shared: BuildOptions = {
  bundle: true,
  write: false,
  minify: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  legalComments: 'none',
};

/** The page of the lab in a tab, without the engine. @returns its files by their names */
export const bundleTab = async (files: EngineFiles): Promise<Map<string, string>> => {
  const { outputFiles = [] } = await build({
    ...shared,
    entryPoints: [join(pageFolder, 'main.ts'), join(pageFolder, 'main.css')],
    outdir: pageFolder,
    splitting: true,
    // A name says the content: a browser may keep the file for good, and a new version asks for another.
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    plugins: [inATab, fewOfPromClient, lessonsAtOnce],
  });
  const guide = (name: string) => readFileSync(join(repository, 'guide/page', name), 'utf8');
  const made = outputFiles.map(({ path, text }) => [basename(path), text] as const);
  const named = (file: string): string => {
    const [name, end] = file.split('.');
    return made.find(([each]) => each.startsWith(`${name}-`) && each.endsWith(`.${end}`))![0];
  };
  return new Map([
    ...made,
    ['index.html', indexOf(guide('index.html'), named, files)],
    ['icon.svg', guide('icon.svg')],
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
