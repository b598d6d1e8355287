import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { importsAtRunTime } from '../support/imports.ts';

/**
 * Which test files share a process. Starting one costs a quarter of a second of CPU, more than most files take; so
 * those that compute, or serve and ask within their own process, run together, and all others keep one of their own.
 */

/** What a file may import that shares a process: nothing here starts another one, and waits for it. */
const still =
  /^(?:node:(?:assert\/strict|crypto|events|fs|https?|net|os|path|stream|test|timers\/promises|url|util|zlib)|cli-progress|compression|express|@grafana\/grafana-foundation-sdk\/\w+|@prometheus-io\/lezer-promql|prom-client|yaml)$/;

/** A hook of the root is one of the whole process. */
const rootHook = /^(?:before|after|beforeEach|afterEach)\(/m;

/** They play every lesson, each for longer than a whole process of others takes. */
const longest = /\/test\/lessons\//;

const filesTogether = 12;

const textOf = (path: string): string | undefined => (existsSync(path) ? readFileSync(path, 'utf8') : undefined);

/** @returns whether a test file and all that it imports start nothing; what cannot be read may do anything. @param file  its path */
export const startsNothing = (file: string, read = textOf): boolean => {
  const seen = new Set<string>();
  const isStill = (path: string): boolean => {
    if (seen.has(path) || path.endsWith('.json')) return true;
    seen.add(path);
    const imports = read(path) === undefined ? ['anything'] : importsAtRunTime(read(path)!);
    return imports.every((name) => (name.startsWith('.') ? isStill(join(dirname(path), name)) : still.test(name)));
  };
  return !rootHook.test(read(file) ?? '') && isStill(file);
};

/** @returns the files of each process, every file once; those with a process of their own come first */
export const processesFor = (
  files: readonly string[],
  isTogether = (file: string) => !longest.test(file) && startsNothing(file),
): string[][] => {
  const apart = files.filter((file) => !isTogether(file)).map((file) => [file]);
  const together = files.filter(isTogether);
  const count = Math.ceil(together.length / filesTogether);
  // Dealt out like cards: neighbours take about as long as each other.
  const dealt = Array.from({ length: count }, (_, hand) => together.filter((_, index) => index % count === hand));
  return [...apart, ...dealt];
};
