import { spawn } from 'node:child_process';
import { listenProblems } from '../../lab/running/settings.ts';
import { repository } from '../host/repository.ts';

export type Settings = Record<string, string>;

/** The names that compose.yaml fills in. */
export const settingNames = (compose: string): string[] => [
  ...new Set([...compose.matchAll(/\$\{(\w+)/g)].map(([, name]) => name!)),
];

/**
 * The settings that reach the lab: what compose.yaml fills in. An empty value counts as not set.
 * @param compose      text of compose.yaml
 * @param environment  with what .env says, which the shell has read
 */
export const settingsFrom = (compose: string, environment: Record<string, string | undefined>): Settings => {
  const names = settingNames(compose);
  return Object.fromEntries(
    names.flatMap((name) => (Object.hasOwn(environment, name) && environment[name] ? [[name, environment[name]]] : [])),
  );
};

/** How the services that have settings check them, without starting. The exporter is started as this program was. */
const checks = (): string[][] => [
  [process.execPath, ...process.execArgv, 'exporter/src/main.ts', '--check'],
  ['sh', 'prometheus/entrypoint.sh', '--check'],
];

/** Everything that is wrong with the settings, a sentence each. */
export const settingProblems = async (settings: Settings): Promise<string[]> => {
  const refusals = await Promise.all(checks().map((command) => refusalsOf(command, settings)));
  return [...listenProblems(settings), ...refusals.flat()];
};

/** A service prints a line of its own, and below it each problem after two spaces. */
const refusalsOf = ([program, ...args]: readonly string[], settings: Settings): Promise<string[]> =>
  new Promise((resolve, reject) => {
    const env = { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, ...settings };
    const child = spawn(program!, args, { cwd: repository, env, stdio: ['ignore', 'ignore', 'pipe'] });
    let output = '';
    child.stderr.on('data', (chunk) => {
      output += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      const problems = [...output.matchAll(/^ {2}(.*)$/gm)].map(([, problem]) => problem!);
      if (code === 0 || problems.length > 0) resolve(code === 0 ? [] : problems);
      else reject(new Error(`${program} ${args.join(' ')} ended with ${code}: ${output}`));
    });
  });
