import type { Registry } from 'prom-client';
import type { Format } from './exposition.ts';
import { createMetrics } from './metrics.ts';
import { restartingProcess } from './process.ts';
import { absencesOf, livingAt } from './signals/crashes.ts';
import type { World } from './world.ts';

/**
 * The pages of one instance, whichever of its processes runs.
 * @param clock    unix seconds, fractions included
 * @param process  metrics of the process, which the instances share
 * @param processOf  metrics of an instance's own, whose processes come and go: when the one that runs began
 * @returns a function that renders one scrape, of now unless an instant is given; undefined where nothing runs
 */
export const createPages = (
  world: World,
  clock: () => number,
  process: Registry,
  processOf: typeof restartingProcess = restartingProcess,
): ((format: Format, at?: number) => Promise<string> | undefined) => {
  if (absencesOf(world).length === 0) return createMetrics(world, clock, process);
  const restarting = processOf(() => livingAt(world, clock())?.startedAt ?? 0);
  const pages = new Map<number, ReturnType<typeof createMetrics>>();
  return (format, at = clock()) => {
    const living = livingAt(world, at);
    if (living === undefined) return undefined;
    const page = pages.get(living.startedAt) ?? createMetrics(living, clock, restarting);
    pages.set(living.startedAt, page);
    return page(format, at);
  };
};
