import { cpuPercent, isSpike } from './signals/cpu.ts';
import { requestsInSecond } from './signals/requests.ts';
import type { World } from './world.ts';

/** What has happened over a stretch of whole seconds: the counters' values. */
export type Totals = { requests: number; spikes: number; busySeconds: number };

/**
 * Adds up the whole seconds from `fromSecond` to just before `toSecond`.
 * @returns zeros where the stretch is empty or runs backwards
 */
export const totalsBetween = (world: World, fromSecond: number, toSecond: number): Totals => {
  const totals: Totals = { requests: 0, spikes: 0, busySeconds: 0 };
  for (let second = fromSecond; second < toSecond; second += 1) {
    totals.requests += requestsInSecond(second, world.seed);
    totals.spikes += isSpike(world.signal, second, world.seed) ? 1 : 0;
    totals.busySeconds += cpuPercent(world.signal, second, world.seed) / 100;
  }
  return totals;
};

/**
 * Running totals since a start: each call adds only the seconds that have passed since the last one,
 * and a clock that steps back adds nothing, so that a counter never falls.
 * @returns a function of the instant (unix seconds)
 */
export const runningTotals = (world: World, startSecond: number): ((unixSeconds: number) => Totals) => {
  let reached = Math.floor(startSecond);
  let totals = totalsBetween(world, reached, reached);
  return (unixSeconds) => {
    const now = Math.floor(unixSeconds);
    if (now > reached) {
      const passed = totalsBetween(world, reached, now);
      totals = {
        requests: totals.requests + passed.requests,
        spikes: totals.spikes + passed.spikes,
        busySeconds: totals.busySeconds + passed.busySeconds,
      };
      reached = now;
    }
    return totals;
  };
};
