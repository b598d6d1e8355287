import { instants, type Range } from './range.ts';
import { corePercent } from './signals/cores.ts';
import { cpuPercent } from './signals/cpu.ts';
import { memoryPercent } from './signals/memory.ts';
import { requestsInSecond } from './signals/requests.ts';
import { type Totals, totalsBetween } from './totals.ts';
import type { World } from './world.ts';

/** What really happened, as `GET /truth` tells it. Arrays hold one value for each instant. */
export type Truth = Omit<World, 'cores'> &
  Range & {
    instants: number[];
    cpuPercent: number[];
    memoryPercent: number[];
    /** arrivals in the second that the instant lies in */
    requestsPerSecond: number[];
    /** all there are; `cores` tells of those that were asked for */
    coreCount: number;
    cores: Record<string, number[]>;
    /** over the whole seconds from `from` to just before `to`, whatever the step */
    totals: Totals;
  };

/** Points that one step of the truth holds: CPU, memory, requests and each core that is told of. */
export const truthSeries = (cores: number): number => 3 + cores;

/**
 * The signals over a range. They are pure functions of time: earlier than `startedAt` it is what would have been.
 * @param coresTold  0 to the number of cores
 */
export const truth = (world: World, range: Range, coresTold: number): Truth => {
  const at = instants(range);
  const { signal, seed, startedAt } = world;
  const cores = Array.from({ length: coresTold }, (_, index) => index + 1);
  return {
    signal,
    seed,
    startedAt,
    ...range,
    instants: at,
    cpuPercent: at.map((instant) => cpuPercent(signal, instant, seed)),
    memoryPercent: at.map((instant) => memoryPercent(instant, seed)),
    requestsPerSecond: at.map((instant) => requestsInSecond(Math.floor(instant), seed)),
    coreCount: world.cores,
    cores: Object.fromEntries(
      cores.map((core) => [`core${core}`, at.map((instant) => corePercent(core, instant, seed))]),
    ),
    totals: totalsBetween(world, Math.floor(range.from), Math.floor(range.to)),
  };
};
