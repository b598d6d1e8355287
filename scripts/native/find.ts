import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** @returns the full path of a program in PATH */
export const find = (program: string, path = ''): string | undefined =>
  path
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
