import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Listener } from './addresses.ts';
import type { Command, Process } from './processes.ts';

/** A service that `up` started. */
export type Entry = Process & {
  /** of what it was started with: where it differs, the service is started anew */
  hash: string;
  /** where it listens, such as 127.0.0.1:8000 */
  address: string;
  /** every port that it listens on; an older lab wrote none down */
  ports?: number[];
  /** where each of its ports is, by its name in Compose; an older lab wrote that down of some services alone */
  at?: Record<string, string>;
  /** how it was ended by hand, where it was */
  ended?: 'killed' | 'stopped';
  /** how it was started, so that it can be again; an older lab did not write that down */
  started?: Command & {
    healthUrl: string;
    /** every port that it needs free, and what sets it; an older lab did not write that down */
    listeners?: Listener[];
  };
};

/** What `up` started, by service; kept in a file, so that the next command finds it. */
export type State = {
  read: () => Record<string, Entry>;
  set: (service: string, entry: Entry) => void;
  remove: (services: readonly string[]) => void;
};

/** @param file  a JSON file; it need not exist */
export const stateIn = (file: string): State => {
  const read = (): Record<string, Entry> => {
    try {
      return JSON.parse(readFileSync(file, 'utf8')) as Record<string, Entry>;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
      throw error;
    }
  };
  // Written whole or not at all: without its state nobody would end the services.
  const write = (entries: Record<string, Entry>) => {
    if (Object.keys(entries).length === 0) return rmSync(file, { force: true });
    mkdirSync(dirname(file), { recursive: true });
    // An environment may hold a password.
    writeFileSync(`${file}.new`, `${JSON.stringify(entries, null, 2)}\n`, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  };
  return {
    read,
    set: (service, entry) => write({ ...read(), [service]: entry }),
    remove: (services) =>
      write(Object.fromEntries(Object.entries(read()).filter(([each]) => !services.includes(each)))),
  };
};
