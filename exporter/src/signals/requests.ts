import { Counter } from 'prom-client';
import type { Scrape } from '../scrape.ts';
import { noise } from './noise.ts';

const stream = 3;
const levelSeconds = 900;

/**
 * The level of traffic: 4 requests a second in the even quarter-hours of the clock, 12 in the odd
 * ones, so that any hour holds steps which a ten-minute window has time to follow.
 * @returns requests per second
 */
export const requestLevel = (unixSeconds: number): number =>
  Math.floor(unixSeconds / levelSeconds) % 2 === 0 ? 4 : 12;

/**
 * Requests that arrive in one second: a Poisson count around the level (inverse of the distribution
 * function, so one noise value gives one count).
 * @param second  whole unix seconds
 * @returns a whole number, 0 or more
 */
export const requestsInSecond = (second: number, seed: number): number => {
  const level = requestLevel(second);
  const target = noise(seed, stream, second);
  let count = 0;
  let probability = Math.exp(-level);
  let cumulative = probability;
  while (cumulative <= target && count < 100) {
    count += 1;
    probability *= level / count;
    cumulative += probability;
  }
  return count;
};

/** Registers the request counter. */
export const registerRequests = (scrape: Scrape): void => {
  new Counter({
    name: 'requests_total',
    help: 'Simulated requests since the exporter started.',
    registers: [scrape.registry],
    collect() {
      this.reset();
      this.inc(scrape.totals().requests);
    },
  });
};
