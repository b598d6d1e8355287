import type { Registry } from 'prom-client';
import type { Format } from './exposition.ts';
import type { Instance } from './instance.ts';

/** What a metric works with: one instant for the whole scrape, so that metrics agree with each other. */
export type Scrape = {
  registry: Registry;
  instance: Instance;
  /** @returns unix seconds of the scrape under way, fractions included */
  instant: () => number;
  /** @returns the same for counters: never before an earlier scrape, so that none falls when the clock steps back */
  counted: () => number;
  /** Adds lines that prom-client cannot write, such as those with timestamps. */
  write: (lines: (format: Format) => string) => void;
};
