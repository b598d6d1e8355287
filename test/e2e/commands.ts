import { spawn } from 'node:child_process';

/** The lab's own commands and addresses, as a person at a terminal has them. */

const root = new URL('../..', import.meta.url);

export type Ended = { code: number | null; output: string };

/** Runs a make target and returns what it printed; nothing is thrown. */
export const make = (target: string, settings: Record<string, string> = {}): Promise<Ended> =>
  run('make', [target], settings);

export const run = (command: string, args: string[], environment: Record<string, string> = {}): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
      });
    }
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });

/** Runs a make target that has to succeed. @throws with its whole output */
export const made = async (target: string, settings: Record<string, string> = {}): Promise<string> => {
  const { code, output } = await make(target, settings);
  if (code !== 0) throw new Error(`make ${target} ended with ${code}:\n${output}`);
  return output;
};

/** @returns true where something accepts connections at that address */
export const answers = async (url: string): Promise<boolean> => {
  try {
    await fetch(url, { signal: AbortSignal.timeout(3_000) });
    return true;
  } catch {
    return false;
  }
};

export const seconds = (count: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, count * 1_000));

/** Asks again until the answer is there. @throws after the time is up, saying what was waited for */
export const until = async <T>(
  what: string,
  limitSeconds: number,
  ask: () => Promise<T | undefined | false>,
): Promise<T> => {
  const deadline = Date.now() + limitSeconds * 1_000;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`waited ${limitSeconds} s for ${what}`);
    await seconds(0.5);
  }
};
