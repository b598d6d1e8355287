import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../../scripts/host/repository.ts';
import { type Engine, type Go, startEngine } from '../page/engine.ts';

/** The folder in which the compiled engine is kept; undefined where it has not been compiled. */
export const compiled = ((): string | undefined => {
  try {
    const script = join(repository, 'tab/engine/build.sh');
    return execFileSync('sh', [script, '--kept'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
})();

/** Why there is no engine to test; false where there is one. */
export const noEngine: string | false = compiled === undefined && 'the engine has not been compiled: make site does it';

/** Starts the engine as the page does. @returns makes one with nothing in it */
export const engine = async (): Promise<() => Engine> => {
  const module = await WebAssembly.compile(readFileSync(join(compiled!, 'promql.wasm')));
  const script = readFileSync(join(compiled!, 'wasm_exec.js'), 'utf8');
  // Go asks for a timer as soon as one of its packages may want to wait, an hour in one case: no test's end hangs on it.
  const patient = (...given: Parameters<typeof setTimeout>) => setTimeout(...given).unref();
  new Function('setTimeout', script)(patient);
  return startEngine(module, (globalThis as unknown as { Go: Go }).Go);
};
