import { readFileSync } from 'node:fs';

/** What `make bench PART=states` writes: the memory that the state of a step takes over the base. */
export const memoryFile = new URL('state-memory.json', import.meta.url);

/** Exporter and Prometheus together, whole MB over the base, by step; a step that was not measured has none. */
export const memoryOverBase: Readonly<Record<string, number>> = JSON.parse(readFileSync(memoryFile, 'utf8')).megabytes;

/** By so much differs what the same processes take from one start to the next, MB. */
const noise = 10;

/** @returns how many MB the state of a step takes more than the base lab, in words; undefined where that was not measured */
export const memoryNote = (command: string, measured = memoryOverBase): string | undefined => {
  if (!Object.hasOwn(measured, command)) return undefined;
  const megabytes = measured[command]!;
  const more = `${Math.abs(megabytes)} MB ${megabytes > 0 ? 'more' : 'less'} than`;
  return `about ${Math.abs(megabytes) < noise ? 'as much as' : more} the base lab (exporter and Prometheus)`;
};
