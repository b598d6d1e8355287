import { spawn } from 'node:child_process';
import { repository } from '../../scripts/host/repository.ts';
import { labProgram } from './programs.ts';

/** Programs and make targets, run in the repository to their end. */

type Ended = { code: number | null; output: string };
type Environment = Record<string, string>;

/** Runs a program, however it ends. @returns its exit code, and stdout and stderr as one text */
export const tryRun = (program: string, args: readonly string[], environment: Environment = {}): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: repository,
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

/** Runs one of the lab's own programs, however it ends. @param path  of its main.ts, from the repository */
export const runLab = (path: string, words: readonly string[], environment?: Environment): Promise<Ended> => {
  const [program, ...args] = labProgram(path);
  return tryRun(program, [...args, ...words], environment);
};

/** Runs a program that has to succeed. @returns its output @throws Error with all of it */
export const run = async (program: string, args: readonly string[], environment?: Environment): Promise<string> => {
  const { code, output } = await tryRun(program, args, environment);
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${output}`);
  return output;
};

/** Runs a make target, however it ends. */
export const tryMake = (target: string, settings?: Environment): Promise<Ended> => tryRun('make', [target], settings);

/** Runs a make target that has to succeed. @returns its output @throws Error with all of it */
export const make = (target: string, settings?: Environment): Promise<string> => run('make', [target], settings);
