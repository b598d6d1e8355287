import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The editor as the browser gets it. */
export type Bundle = {
  /** one module: its packages name each other without file endings, which no browser finds */
  script: string;
  /** of the packages in it, in full */
  licences: string;
};

const built = join(import.meta.dirname, '../built');
/** Where the image keeps it: there neither esbuild nor the packages are at hand. */
export const builtFiles = { script: join(built, 'editor.js'), licences: join(built, 'licences.txt') };

let made: Promise<Bundle> | undefined;

/** The one that was made with the image, or else one made now, in a tenth of a second. */
export const editorBundle = (): Promise<Bundle> => {
  made ??= existsSync(builtFiles.script)
    ? Promise.resolve({
        script: readFileSync(builtFiles.script, 'utf8'),
        licences: readFileSync(builtFiles.licences, 'utf8'),
      })
    : makeBundle();
  return made;
};

/** @throws Error where esbuild or a package is missing */
export const makeBundle = async (): Promise<Bundle> => {
  const { build } = await import('esbuild');
  const { outputFiles, metafile } = await build({
    entryPoints: [join(import.meta.dirname, 'editor.js')],
    absWorkingDir: import.meta.dirname,
    bundle: true,
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
  const licences = [...new Set(folders)].sort().map((folder) => licenceIn(join(import.meta.dirname, folder)));
  return { script: outputFiles[0]!.text, licences: licences.join('\n') };
};

/** @param folder  a package */
const licenceIn = (folder: string): string => {
  const file = readdirSync(folder).find((name) => /^licen[cs]e(\.md|\.txt)?$/i.test(name));
  if (file === undefined) throw new Error(`${folder} has no licence`);
  const name = folder.replace(/^.*node_modules\//, '');
  return `— ${name}\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
};
