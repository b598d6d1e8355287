import { Counter } from 'prom-client';
import { noise } from '../../../lab/chance/noise.ts';
import { goneFrom, type Instance } from '../instance.ts';
import type { Scrape } from '../scrape.ts';
import { tally } from '../tally.ts';

const stream = 3;
const levelSeconds = 900;
/** For so long each of several shares of the traffic is active. */
const turnSeconds = 60;

/**
 * The level of traffic: 4 requests a second in the even quarter-hours of the clock, 12 in the odd
 * ones, so that any hour holds steps which a ten-minute window has time to follow.
 * @returns requests per second
 */
export const requestLevel = (unixSeconds: number): number =>
  Math.floor(unixSeconds / levelSeconds) % 2 === 0 ? 4 : 12;

/**
 * Requests that arrive at an instance in one second. By default a Poisson count around the level; where the
 * fleet's traffic is shared out, an even flow, so that the shares are exact over any few seconds.
 * @param second  whole unix seconds
 * @returns a whole number, 0 or more; 0 once the instance is gone
 */
export const requestsInSecond = (world: Instance, second: number): number => {
  if (second >= goneFrom(world)) return 0;
  const level = requestLevel(second);
  if (world.traffic === undefined) return poisson(level, noise(world.seed, stream, second));
  const { percents, instances } = world.traffic;
  const percent = percents[Math.floor(second / turnSeconds) % percents.length]!;
  const arrivedBy = (end: number) => Math.floor((level * instances * percent * end) / 100);
  return arrivedBy(second + 1) - arrivedBy(second);
};

/** The inverse of the distribution function, so one noise value gives one count, 0 to 100. */
const poisson = (level: number, target: number): number => {
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

/** @returns the requests that an instance has had since it began, seconds that have passed only */
export const requestsOf = (world: Instance): ((unixSeconds: number) => number) =>
  tally(world.startedAt, (second) => requestsInSecond(world, second));

/** Registers the request counter. */
export const registerRequests = ({ registry, instance, counted }: Scrape): void => {
  const requests = requestsOf(instance);
  new Counter({
    name: 'requests_total',
    help: 'Simulated requests since the exporter started.',
    registers: [registry],
    collect() {
      this.reset();
      this.inc((instance.requestsBefore ?? 0) + requests(counted()));
    },
  });
};
