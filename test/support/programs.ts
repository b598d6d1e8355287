import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { repository } from '../../scripts/host/repository.ts';

/** Where the lab puts programs that it unpacks. */
const unpacked = ['bin', 'debian/root/usr/bin'].map((folder) => join(repository, '.lab', folder));

/** @returns a program's path: from PATH, or where the lab unpacked it; undefined where it is missing */
export const findProgram = (name: string): string | undefined =>
  [...(process.env.PATH ?? '').split(delimiter), ...unpacked]
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file));

/**
 * The command that starts one of the lab's own programs, as the native runtime starts it.
 * @param path  of its main.ts, from the repository
 */
export const labProgram = (path: string): [string, ...string[]] => [
  process.execPath,
  join(repository, 'scripts/native/launch.js'),
  join(repository, path),
];
