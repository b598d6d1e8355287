import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * What the guide keeps in a JSON file beyond its own process.
 * @param isContent  whether what was read is what is kept there
 * @param what       is kept, for the warnings, such as "what has been solved"
 * @param warn       is called where the file cannot be read or written
 * @returns undefined where there is none, or none that can be read
 */
export const readKept = <Content>(
  file: string,
  isContent: (content: unknown) => content is Content,
  what: string,
  warn: (message: string) => void,
): Content | undefined => {
  try {
    const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (isContent(content)) return content;
    warn(`${file} does not hold ${what}: it is begun anew`);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') warn(`${what} cannot be read: ${message}`);
  }
  return undefined;
};

/**
 * Whole or not at all: a file that is cut off would lose what it held.
 * @returns false where it could not be written
 */
export const writeKept = (file: string, content: unknown, what: string, warn: (message: string) => void): boolean => {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.new`, `${JSON.stringify(content, null, 2)}\n`);
    renameSync(`${file}.new`, file);
    return true;
  } catch (error) {
    warn(`${what} cannot be written down: ${(error as Error).message}`);
    return false;
  }
};
