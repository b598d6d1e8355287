import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compiling, policyOf } from '../guide/src/headers.ts';
import { repository } from '../scripts/host/repository.ts';

/** What a page loads of the engine, by the names of the files beside it. */
export type EngineFiles = {
  /** the compiled program, packed if its name ends so */
  engine: string;
  /** unpacked */
  engineBytes: number;
  /** Go's wasm_exec.js */
  starter: string;
};

/** @param file  of guide/page */
export const guidePage = (file: string): string => readFileSync(join(repository, 'guide/page', file), 'utf8');

/**
 * A document of the guide among the files of the tab: each of them beside it, wherever that is.
 * @param name   of the document, such as `main` for what loads main.js and main.css
 * @param named  the page's files, as esbuild has named them
 */
const documentOf = (html: string, name: string, named: (file: string) => string, files: EngineFiles): string =>
  html
    .replace(`/assets/${name}.css`, named(`${name}.css`))
    .replace(`/assets/${name}.js`, named(`${name}.js`))
    .replaceAll('/assets/', '')
    .replace(
      /\n.*reload\.js.*/,
      `
    <meta http-equiv="Content-Security-Policy" content="${policyOf(compiling)}" />
    <meta name="engine" content="${files.engine}" data-bytes="${files.engineBytes}" />
    <script defer src="${files.starter}"></script>`,
    )
    .replace(/\n.*rel="license".*/, '\n    <link rel="license" href="licences.txt" />');

/** The guide's page, with what only a simulated lab has. */
export const indexOf = (named: (file: string) => string, files: EngineFiles): string =>
  documentOf(guidePage('index.html'), 'main', named, files)
    .replace('/?view=projector', '?view=projector')
    .replace('href="/on-call"', 'href="on-call.html"')
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

/** The page On call, which says how far the engine is. */
export const onCallOf = (named: (file: string) => string, files: EngineFiles): string =>
  documentOf(guidePage('on-call.html'), 'on-call', named, files)
    .replace('<a href="/">', '<a href="./">')
    .replace('<div id="notice"', '<p id="engine" role="status"></p>\n    <div id="notice"');
