import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { repository } from '../../scripts/host/repository.ts';
import { fewOfPromClient } from '../../tab/bundle.ts';

/**
 * The lessons and the simulated lab run in a browser as they do in Node: bundled by esbuild for the browser, with
 * nothing left out, they judge a lesson where no part of Node is.
 */
const entry = `
import { experiments } from './experiments/catalogue.ts';
import { simulate } from './lab/simulator/lab.ts';
import { judge } from './lab/judging/judge.ts';
const lab = simulate({ scrapeSeconds: 5, phaseSeconds: 1, lives: [{ from: 1_800_000_000 }], prometheusStartedAt: 1_800_000_000 });
await lab.advance(1_800_000_060);
const verdict = await experiments[1].check(lab.readAt(1_800_000_060), lab.labAt(1_800_000_060));
export const result = { judge: typeof judge, number: experiments.length, kind: verdict.kind, holds: verdict.findings?.every((each) => !('claim' in each) || each.holds) };
`;

test('a browser can judge a lesson on the simulated lab', async () => {
  const { outputFiles, metafile } = await build({
    stdin: { contents: entry, resolveDir: repository, loader: 'ts' },
    bundle: true,
    write: false,
    metafile: true,
    platform: 'browser',
    format: 'esm',
    plugins: [fewOfPromClient],
    logLevel: 'silent',
  });
  const own = Object.keys(metafile.inputs).filter((name) => !name.includes('node_modules') && !name.includes(':'));
  assert.ok(own.length > 100, `${own.length} modules`);
  for (const name of own) assert.ok(!name.startsWith('test/') && !name.startsWith('scripts/'), `${name} is in it`);

  const text = outputFiles[0]!.text.replace(/export \{\s*result\s*\};\s*$/, 'return result;');
  const context = createContext({ TextEncoder, URL, performance, console, setTimeout, clearTimeout });
  const result = await runInContext(`(async () => {${text}\n})()`, context, {
    filename: join(repository, 'bundle.js'),
  });
  assert.deepEqual({ ...result }, { judge: 'function', number: result.number, kind: 'measured', holds: true });
  assert.ok(result.number >= 20);
});
