import type { Registry } from 'prom-client';
import type { Totals } from './totals.ts';
import type { World } from './world.ts';

/** What a metric's `collect` works with: one instant for the whole scrape, so that metrics agree with each other. */
export type Scrape = {
  registry: Registry;
  world: World;
  /** @returns unix seconds of the scrape under way, fractions included */
  instant: () => number;
  /** @returns the counters' values at that instant */
  totals: () => Totals;
};
