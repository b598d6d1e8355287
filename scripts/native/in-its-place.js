/**
 * How esbuild makes one file of many TypeScript sources, each of which knows where it lies all the same. Plain JavaScript,
 * since it is what reads TypeScript.
 */
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';

const names = { 'import.meta.dirname': 'ownFolder', 'import.meta.url': 'ownUrl' };

const plugin = {
  name: 'in its place',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      if (!text.includes('import.meta.')) return { loader: 'ts', contents: text };
      const [folder, url] = [dirname(path), pathToFileURL(path).href].map((each) => JSON.stringify(each));
      // In the first line, which stays the first.
      return { loader: 'ts', contents: `const ownFolder = ${folder}, ownUrl = ${url}; ${text}` };
    }),
};

/** Options of esbuild's build(); packages stay where they are. @param repository  where paths begin */
export const inItsPlace = (repository) => ({
  absWorkingDir: repository,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: `node${process.versions.node}`,
  packages: 'external',
  plugins: [plugin],
  // By the syntax: in a text the same words mean something else.
  define: names,
  // A name that an error shows is the one in the source.
  keepNames: true,
  logLevel: 'error',
});
