import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { importsAtRunTime } from '../support/imports.ts';

/**
 * Which test files share a process. Starting one costs a quarter of a second of CPU, more than most files take; so
 * those that compute, or serve and ask within their own process, run together, those that open a page share a browser as
 * well, and all others keep a process of their own.
 */
type Kind = 'still' | 'page';

/** What a still file may import: nothing here starts a process, and waits for it. */
const still =
  /^(?:node:(?:assert\/strict|crypto|events|fs|https?|net|os|path|stream|test|timers\/promises|url|util|zlib)|cli-progress|compression|express|@grafana\/grafana-foundation-sdk\/\w+|@prometheus-io\/lezer-promql|prom-client|yaml)$/;

/** What the guide's page in a browser needs besides: guide/test/served-page.ts starts one for the whole process. */
const page = /^(?:node:module|esbuild|playwright-core)$/;

const filesTogether: Record<Kind, number> = { still: 12, page: 4 };

/** A hook of the root is one of the whole process. */
const rootHook = /^(?:before|after|beforeEach|afterEach)\(/m;

/** They play every lesson, each for longer than a whole process of others takes. */
const longest = /\/test\/lessons\//;

const textOf = (path: string): string | undefined => (existsSync(path) ? readFileSync(path, 'utf8') : undefined);

/** @returns what kind a test file is, by all that it imports, undefined where that may do anything, as what cannot be read. @param file  its path */
export const kindOf = (file: string, read = textOf): Kind | undefined => {
  const seen = new Set<string>();
  const importedBy = (path: string): string[] => {
    if (seen.has(path) || path.endsWith('.json')) return [];
    seen.add(path);
    const text = read(path);
    if (text === undefined) return ['anything'];
    return importsAtRunTime(text).flatMap((name) =>
      name.startsWith('.') ? importedBy(join(dirname(path), name)) : [name],
    );
  };
  if (rootHook.test(read(file) ?? '')) return undefined;
  const others = importedBy(file).filter((name) => !still.test(name));
  if (others.length === 0) return 'still';
  return others.every((name) => page.test(name)) ? 'page' : undefined;
};

/** @returns the files of each process, every file once; those that take longest come first */
export const processesFor = (
  files: readonly string[],
  kind = (file: string) => (longest.test(file) ? undefined : kindOf(file)),
): string[][] => {
  const kinds = new Map(files.map((file) => [file, kind(file)]));
  const dealt = (own: Kind): string[][] => {
    const together = files.filter((file) => kinds.get(file) === own);
    const count = Math.ceil(together.length / filesTogether[own]);
    // Like cards: neighbours take about as long as each other.
    return Array.from({ length: count }, (_, hand) => together.filter((_, index) => index % count === hand));
  };
  const apart = files.filter((file) => kinds.get(file) === undefined).map((file) => [file]);
  return [...dealt('page'), ...apart, ...dealt('still')];
};
