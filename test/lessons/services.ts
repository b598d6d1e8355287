import type { Exercise, Expectation } from '../../lab/model/exercise.ts';
import type { Lab } from '../../lab/model/lab.ts';
import type { Reader } from '../../lab/model/reader.ts';
import { apiOver, away } from '../../lab/simulator/backend.ts';
import { every, labOf } from './verdicts.ts';

const start = 1_800_000_000;

/**
 * What an exercise expects where services are scraped every 5 s.
 * @param ups     of each service, by name, what its `up` was at each scrape; of all as many
 * @param silent  those that do not answer now
 */
export const expectedOf = (
  exercise: Exercise,
  ups: Readonly<Record<string, readonly number[]>>,
  silent: readonly string[] = [],
  parts: Partial<Lab> = {},
): Promise<Expectation> => {
  const services = Object.entries(ups);
  const read = {
    samples: async () =>
      services.map(([instance, values]) => ({ labels: { instance }, samples: every(5, start + 5, values) })),
    at: (address: string) => (silent.some((name) => address.startsWith(name)) ? away : apiOver([])),
  } as unknown as Reader;
  const exporter = { signal: 'random', seed: 1, startedAt: start, cores: 2 } as const;
  const now = start + 5 * (services[0]?.[1].length ?? 0) + 2;
  return exercise.expected(read, labOf({ now, exporter, thanos: services.map(([name]) => name), ...parts }));
};

/** An `up` that was 1 at some scrapes, and 0 at the next. */
export const upThenDown = (up: number, down = 0): number[] => [...Array(up).fill(1), ...Array(down).fill(0)];
