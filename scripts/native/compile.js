/**
 * Makes one script of a program and all that it imports, for launch.js. Plain JavaScript, since it is what reads
 * TypeScript.
 */
import { builtinModules } from 'node:module';
import { build } from 'esbuild';
import { inItsPlace } from './in-its-place.js';

/** Node's own modules, and esbuild, which looks for its program beside its files: what the script asks `require` for. */
const apart = new RegExp(`^(?:node:.*|esbuild|${builtinModules.join('|')})$`);

/** A script has no import statements, and may `require`. */
const required = {
  name: 'required',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: apart }, ({ path, kind }) =>
      kind === 'require-call' ? { path, external: true } : { path, namespace: 'required' },
    );
    onLoad({ filter: /.*/, namespace: 'required' }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)});`,
    }));
  },
};

/**
 * @param repository  where the paths begin
 * @param program     path of its main.ts
 * @returns the text of a script whose value is a function that runs the program, given `require`; and its sources, those
 *     of packages aside
 */
export const compile = async (repository, program) => {
  const options = inItsPlace(repository);
  const { outputFiles, metafile } = await build({
    ...options,
    // What a program exports would be a statement, too.
    stdin: { contents: `import ${JSON.stringify(`./${program}`)};`, resolveDir: repository },
    packages: 'bundle',
    plugins: [required, ...options.plugins],
    banner: { js: '(async (require) => { "use strict";' },
    footer: { js: '})' },
    metafile: true,
    write: false,
  });
  const isOwn = (path) => !/node_modules\/|^required:|^<stdin>$/.test(path);
  return { text: outputFiles[0].text, sources: Object.keys(metafile.inputs).filter(isOwn) };
};
