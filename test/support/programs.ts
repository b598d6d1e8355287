import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { repository } from '../../lab/repository.ts';

/** @returns a program's path: from PATH, or where the lab unpacked it; undefined where it is missing */
export const findProgram = (name: string): string | undefined =>
  [...(process.env.PATH ?? '').split(delimiter), join(repository, '.lab/debian/root/usr/bin')]
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file));
