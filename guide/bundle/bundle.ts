import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** The page as the browser gets it. */
type Bundle = {
  /** by their names: the page's script and style, and the editor, which is loaded later */
  files: ReadonlyMap<string, string>;
  /** of the packages in them, in full */
  licences: string;
};

const page = join(import.meta.dirname, '../page');
/** Where the image keeps it: there neither esbuild nor the packages are at hand. */
export const builtFolder = join(import.meta.dirname, '../built');
export const licencesFile = 'licences.txt';

let made: Promise<Bundle> | undefined;

/** The one that was made with the image, or else one made now, in a fifth of a second. */
export const pageBundle = (): Promise<Bundle> => {
  made ??= existsSync(builtFolder) ? Promise.resolve(builtBundle()) : makeBundle();
  return made;
};

const builtBundle = (): Bundle => {
  const read = (name: string) => readFileSync(join(builtFolder, name), 'utf8');
  const names = readdirSync(builtFolder).filter((name) => name !== licencesFile);
  return { files: new Map(names.map((name) => [name, read(name)])), licences: read(licencesFile) };
};

/** @throws Error where esbuild or a package is missing */
export const makeBundle = async (): Promise<Bundle> => {
  const { build } = await import('esbuild');
  const { outputFiles, metafile } = await build({
    entryPoints: ['main.ts', 'main.css', 'on-call.ts', 'on-call.css'].map((name) => join(page, name)),
    absWorkingDir: page,
    outdir: page,
    bundle: true,
    // The editor is larger than all else together: what is imported later is a file of its own.
    splitting: true,
    chunkNames: '[name]-[hash]',
    write: false,
    metafile: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    legalComments: 'none',
  });
  const folders = Object.keys(metafile.inputs).flatMap((input) => {
    const [folder] = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input) ?? [];
    return folder === undefined ? [] : [folder];
  });
  const licences = [...new Set(folders)].sort().map((folder) => licenceIn(join(page, folder)));
  return {
    files: new Map(outputFiles.map(({ path, text }) => [basename(path), text])),
    licences: licences.join('\n'),
  };
};

/** @param folder  a package */
const licenceIn = (folder: string): string => {
  const file = readdirSync(folder).find((name) => /^licen[cs]e(\.md|\.txt)?$/i.test(name));
  if (file === undefined) throw new Error(`${folder} has no licence`);
  const name = folder.replace(/^.*node_modules\//, '');
  return `— ${name}\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
};
