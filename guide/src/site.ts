import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The lab in a browser tab: its files by their names. */
export type Site = ReadonlyMap<string, Buffer>;

const repository = join(import.meta.dirname, '../..');
/** Where the image keeps it; empty where its engine had not been compiled. */
const builtFolder = join(repository, 'guide/site');
const run = promisify(execFile);
/** Bundling takes one second, and packing the engine two to four. */
const longestMilliseconds = 60_000;

const filesIn = (folder: string): Site =>
  new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));

/** @returns the files, or undefined where the engine has not been compiled @throws Error with what went wrong */
const makeSite = async (): Promise<Site | undefined> => {
  if (existsSync(builtFolder)) {
    const built = filesIn(builtFolder);
    return built.size > 0 ? built : undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), 'lab-tab-'));
  try {
    const program = join(repository, 'tab/build.ts');
    // As this one was started: by tsx, by the lab's own launcher, or by Node alone.
    const words = [...process.execArgv, program, '--guide', folder];
    await run(process.execPath, words, { cwd: repository, timeout: longestMilliseconds });
    return filesIn(folder);
  } catch (error) {
    const { code, stderr } = error as { code?: unknown; stderr?: string };
    if (code === 3) return undefined;
    throw new Error(`the lab in a tab could not be made: ${stderr?.trim() || error}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** Makes it when it is first asked for; where it cannot be made yet, the next one who asks tries again. */
export const createSite = (make: () => Promise<Site | undefined> = makeSite): (() => Promise<Site | undefined>) => {
  let made: Promise<Site | undefined> | undefined;
  return async () => {
    made ??= make();
    const site = await made.catch((error) => {
      made = undefined;
      throw error;
    });
    if (site === undefined) made = undefined;
    return site;
  };
};
