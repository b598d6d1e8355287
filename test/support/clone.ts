import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { TestContext } from 'node:test';
import { repository } from '../../scripts/host/repository.ts';
import { folderFor, temporaryFolder } from './folder.ts';

type Environment = Record<string, string | undefined>;

/** One call of Docker, as test/support/docker/docker recorded it. */
export type Call = { folder: string; words: string[]; environment: Record<string, string> };

export type Ended = { code: number | null; stdout: string; stderr: string; calls: Call[] };

export type Clone = {
  folder: string;
  /** what the tools decide there; else they really decide */
  setScript: (lines: readonly string[]) => void;
  /** the containers that there are, a line NAME STATE each, in Docker's words */
  setServices: (text: string) => void;
  /** the services that are starting, a line ID SERVICE STATUS each, in Docker's words, and whether their logs move */
  setStarting: (text: string, moves: boolean) => void;
  /** the images that there are, a line NAME:TAG ID each */
  setImages: (text: string) => void;
  /** every call of Docker by the command that was started last */
  calls: () => Call[];
  /**
   * Starts a command there, in a process group of its own, with Docker replaced by one that only records. Nothing of
   * this process's environment but PATH reaches it. One command at a time: they share a record.
   */
  start: (command: readonly string[], environment?: Environment) => ChildProcessByStdio<null, Readable, Readable>;
  /** the same, to its end */
  run: (command: readonly string[], environment?: Environment) => Promise<Ended>;
};

/** What the tools have decided for one clone of this process, they need not decide again for another. */
let knownFolder: string | undefined;
const known = (): string => {
  if (knownFolder !== undefined) return knownFolder;
  const { folder, remove } = temporaryFolder();
  process.on('exit', remove);
  knownFolder = folder;
  return folder;
};

const apart = ['.git', '.lab', '.artefacts', 'node_modules'];

/** What the shell reads of the repository: a copy of this is made in no time. */
export const ofTheShell = (path: string): boolean => /(^Makefile|\.(env|yaml|sh|md|js))$|(^|\/)[^.]*$/.test(path);

type Part = { path: string; isFolder: boolean };
const partsOfClones = new Map<(path: string) => boolean, Part[]>();

/** What is copied, a folder before what it holds. It is looked for once: that takes longer than to copy it. */
const partsFor = (isPart: (path: string) => boolean): Part[] => {
  const partsIn = (folder: string): Part[] =>
    readdirSync(join(repository, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      if (apart.includes(path) || !isPart(path)) return [];
      const isFolder = entry.isDirectory();
      return [{ path, isFolder }, ...(isFolder ? partsIn(path) : [])];
    });
  const parts = partsOfClones.get(isPart) ?? partsIn('.');
  partsOfClones.set(isPart, parts);
  return parts;
};

/**
 * A copy of the repository as it is now, with this one's npm packages.
 * @param name    of its folder
 * @param isPart  whether a file, or a folder, belongs to the copy; all do by default
 */
export const cloneFor = (
  t: Pick<TestContext, 'after'>,
  name = 'prometheus-lab',
  isPart = (_path: string) => true,
): Clone => {
  const parent = folderFor(t);
  const [folder, record] = [join(parent, name), join(parent, 'record')];
  mkdirSync(folder);
  for (const { path, isFolder } of partsFor(isPart)) {
    if (isFolder) mkdirSync(join(folder, path));
    else copyFileSync(join(repository, path), join(folder, path));
  }
  // A folder of its own: npm, should it install there, empties the folder that it finds.
  for (const each of [join(folder, 'node_modules'), record]) mkdirSync(each);
  for (const name of readdirSync(join(repository, 'node_modules'))) {
    symlinkSync(join(repository, 'node_modules', name), join(folder, 'node_modules', name));
  }
  const setScript = (lines: readonly string[]) => writeFileSync(join(record, 'script'), `${lines.join('\n')}\n`);
  const setServices = (text: string) => writeFileSync(join(record, 'services'), text);
  const setStarting: Clone['setStarting'] = (text, moves) => {
    writeFileSync(join(record, 'starting'), text);
    if (moves) writeFileSync(join(record, 'moves'), '');
  };
  const setImages = (text: string) => writeFileSync(join(record, 'images'), text);
  const recorded = join(record, 'calls');
  const calls = () => callsIn(readFileSync(recorded, 'utf8'));
  const start: Clone['start'] = ([program, ...args], environment = {}) => {
    writeFileSync(recorded, '');
    const path = `${join(repository, 'test/support/docker')}:${process.env.PATH}`;
    return spawn(program!, args, {
      cwd: folder,
      env: { PATH: path, HOME: parent, RECORD: record, KNOWN: known(), LAB_REPOSITORY: repository, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
  };
  const run: Clone['run'] = async (command, environment) => {
    const child = start(command, environment);
    const printed = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].on('data', (chunk) => {
        printed[name] += chunk;
      });
    }
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, ...printed, calls: calls() };
  };
  return { folder, setScript, setServices, setStarting, setImages, calls, start, run };
};

/** What of the environment a call of Docker hears. */
const heard = /^((?:COMPOSE_\w*|LEFT_OUT|DOCKER_(?:HOST|CONTEXT|CONFIG)|BIND|[A-Z]+_PORT))=(.*)$/;

const callsIn = (text: string): Call[] => {
  const calls: Call[] = [];
  for (const line of text.split('\n')) {
    const [kind, folder = '', ...words] = line.split('\t');
    if (kind === 'call') calls.push({ folder, words, environment: {} });
    const [, variable, value] = heard.exec(line) ?? [];
    if (variable !== undefined) calls.at(-1)!.environment[variable] = value!;
  }
  return calls;
};
