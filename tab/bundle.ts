import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { repository } from '../scripts/host/repository.ts';

const page = join(import.meta.dirname, 'page');

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

/** What a browser has not: the network, for which the tab has one of its own, and Node's modules. */
const inATab: Plugin = {
  name: 'in a tab',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /\/fetch\.ts$/ }, ({ path, resolveDir }) =>
      join(resolveDir, path) === join(repository, 'lab/running/fetch.ts')
        ? { path: join(page, 'network.ts') }
        : undefined,
    );
    onResolve({ filter: /^node:/ }, ({ path }) => ({ path, namespace: 'absent' }));
    onLoad({ filter: /.*/, namespace: 'absent' }, () => ({ contents: absent }));
  },
};

/** Nothing but the page's own files is ever asked for; the engine may be compiled, and no text is run as a script. */
const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** The guide's page, with what only a simulated lab has. */
const indexOf = (html: string): string =>
  html
    .replaceAll('/assets/', '')
    .replace('/?view=projector', '?view=projector')
    .replace(
      /\n.*reload\.js.*/,
      `\n    <meta http-equiv="Content-Security-Policy" content="${policy}" />\n    <script src="wasm_exec.js"></script>`,
    )
    .replace(/\n.*rel="license".*/, '\n    <link rel="license" href="licences.txt" />')
    .replace(
      '<div id="notice"',
      '<section id="controls" aria-label="The simulated lab" aria-busy="true"></section>\n    <div id="notice"',
    );

/** The page of the lab in a tab, without the engine. @returns its files by their names */
export const bundleTab = async (): Promise<Map<string, string>> => {
  const { outputFiles } = await build({
    entryPoints: [join(page, 'main.ts'), join(page, 'main.css')],
    outdir: page,
    bundle: true,
    splitting: true,
    chunkNames: '[name]-[hash]',
    write: false,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    legalComments: 'none',
    plugins: [inATab, fewOfPromClient],
  });
  const guide = (name: string) => readFileSync(join(repository, 'guide/page', name), 'utf8');
  return new Map([
    ...outputFiles.map(({ path, text }) => [basename(path), text] as const),
    ['index.html', indexOf(guide('index.html'))],
    ['icon.svg', guide('icon.svg')],
  ]);
};
