import { execFile, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { temporaryFolder } from '../../test/support/folder.ts';

/** What one run of an entrypoint did. */
export interface Run {
  exitCode: number;
  /** The arguments that the server would have been started with, or undefined when it was not. */
  started: string[] | undefined;
  stderr: string;
}

/** A folder of its own for one test, with stand-ins for the programs that an entrypoint starts. */
export interface Sandbox {
  folder: string;
  dataFolder: string;
  /** Deletes the folder with everything in it. */
  remove(): void;
  /** Replaces a stand-in by a shell script. */
  standIn(program: string, script: string): void;
  run(shell: Shell, entrypoint: string, environment: Record<string, string>, args?: string[]): Promise<Run>;
}

/** A shell to run an entrypoint with, and where it finds awk, sed and wget. */
export interface Shell {
  name: string;
  command: string[];
  tools: string;
}

/** @param name  a program, looked up in PATH */
const isInstalled = (name: string): boolean => spawnSync('sh', ['-c', `command -v ${name}`]).status === 0;

/** The shells of this machine that an entrypoint has to work in. busybox brings its own awk, sed and wget. */
export const findShells = (): Shell[] => {
  const tools = process.env.PATH ?? '';
  const shells = ['sh', 'bash'].filter(isInstalled).map((name) => ({ name, command: [name], tools }));
  if (!isInstalled('busybox')) return shells;
  const applets = mkdtempSync(join(tmpdir(), 'lab-busybox-'));
  process.on('exit', () => rmSync(applets, { recursive: true, force: true }));
  const path = spawnSync('sh', ['-c', 'command -v busybox'], { encoding: 'utf8' }).stdout.trim();
  const names = spawnSync(path, ['--list'], { encoding: 'utf8' }).stdout.trim().split('\n');
  for (const name of names) symlinkSync(path, join(applets, name));
  return [...shells, { name: 'busybox sh', command: [join(applets, 'sh')], tools: applets }];
};

/** @param programs  names that get a stand-in: it writes down its arguments, one per line, and succeeds */
export const makeSandbox = (programs: string[]): Sandbox => {
  const { folder, remove } = temporaryFolder();
  const programFolder = join(folder, 'bin');
  const dataFolder = join(folder, 'data folder');
  mkdirSync(programFolder);

  const standIn = (program: string, script: string): void => {
    writeFileSync(join(programFolder, program), `#!/bin/sh\n${script}\n`);
    chmodSync(join(programFolder, program), 0o755);
  };
  for (const program of programs) standIn(program, 'printf "%s\\n" "$@"');

  const run: Sandbox['run'] = ({ command, tools }, entrypoint, environment, args = []) =>
    new Promise((resolve) => {
      const env = { PATH: `${programFolder}:${tools}`, LAB_DATA_DIR: dataFolder, ...environment };
      const [program = 'sh', ...shellArgs] = command;
      execFile(program, [...shellArgs, entrypoint, ...args], { env, cwd: folder }, (error, stdout, stderr) => {
        const exitCode = error === null ? 0 : Number(error.code);
        const started = stdout === '' ? undefined : stdout.trimEnd().split('\n');
        resolve({ exitCode, started, stderr });
      });
    });

  return { folder, dataFolder, remove, standIn, run };
};

/** The same, deleted when the test ends. */
export const sandboxFor = (t: TestContext, programs: string[]): Sandbox => {
  const sandbox = makeSandbox(programs);
  t.after(sandbox.remove);
  return sandbox;
};

/** What lies in a folder, sorted; nothing where the folder is missing. */
export const filesIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder).sort() : []);

/** What makes a good value of any setting a bad one. `touch pwned` in the test's folder would give an executed one away. */
export const hostileEnds = [
  '; touch pwned',
  '$(touch pwned)',
  '`touch pwned`',
  "'; touch pwned; '",
  '" && touch pwned && "',
  '|e touch pwned',
  '\\',
  '&',
  '@',
  '#',
  ' ',
  '\n',
  '\u001b[31m',
  'é',
  '٥s',
  ' --version',
  'a'.repeat(1000),
];
