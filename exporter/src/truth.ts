import { type Instance, instanceOf, type JobName, jobOf, type ScrapeAnswer } from './instance.ts';
import { instants, type Range } from './range.ts';
import { corePercent } from './signals/cores.ts';
import { cpuPercent, isSpike } from './signals/cpu.ts';
import { memoryPercent } from './signals/memory.ts';
import { requestsInSecond, requestsOf } from './signals/requests.ts';
import { listedUntil } from './targets.ts';
import { type ScenarioName, type ScenarioTruth, simulatedBy, type World } from './world.ts';

/** What has happened over a range of whole seconds. */
type Totals = { requests: number; spikes: number; busySeconds: number };

/** One instance of the fleet. Times are unix seconds. */
export type Member = {
  instance: string;
  job: JobName;
  seed: number;
  /** what it simulates beside the base signals */
  simulates: ScenarioName[];
  /** when it closes its port, and until when /targets still names it; not there where it stays */
  leavesAt?: number;
  listedUntil?: number;
};

/**
 * What really happened at one instance, as `GET /truth` reports it. Arrays hold one value for each instant. What a
 * scenario reports is there where it is simulated.
 */
export type Truth = Pick<World, 'signal' | 'seed' | 'startedAt'> &
  Range &
  ScenarioTruth & {
    instance: string;
    fleet: Member[];
    instants: number[];
    cpuPercent: number[];
    memoryPercent: number[];
    /** arrivals in the second that the instant lies in */
    requestsPerSecond: number[];
    /** what `requests_total` shows at the instant */
    requestsTotal: number[];
    /** all there are; `cores` reports those that were asked for */
    coreCount: number;
    cores: Record<string, number[]>;
    /** over the whole seconds from `from` to just before `to`, whatever the step */
    totals: Totals;
    /** how a scrape is answered, where that is wrong on purpose */
    scrapeAnswer: ScrapeAnswer | undefined;
    /** of the first instance: the settings that came sealed, and from when their episodes are counted */
    incident?: { sealed: string; from: number };
  };

/** Points that one step of the truth holds. */
export const truthSeries = (world: World, cores: number): number =>
  simulatedBy(world).reduce((sum, { scenario }) => sum + scenario.points(world), 4 + cores);

/**
 * One instance's signals over a range. They are pure functions of time: earlier than `startedAt` it is what would
 * have been; counters begin there.
 * @param coresReported  0 to the number of cores
 */
export const truth = (world: World, fleet: readonly World[], range: Range, coresReported: number): Truth => {
  const at = instants(range);
  const { signal, seed, startedAt, requestsBefore = 0 } = world;
  const cores = Array.from({ length: coresReported }, (_, index) => index + 1);
  const requests = requestsOf(world);
  return {
    instance: instanceOf(world),
    signal,
    seed,
    startedAt,
    ...range,
    fleet: fleet.map(memberOf),
    instants: at,
    cpuPercent: at.map((instant) => cpuPercent(signal, instant, seed)),
    memoryPercent: at.map((instant) => memoryPercent(instant, seed)),
    requestsPerSecond: at.map((instant) => requestsInSecond(world, Math.floor(instant))),
    requestsTotal: at.map((instant) => requestsBefore + requests(instant)),
    coreCount: world.cores,
    cores: Object.fromEntries(
      cores.map((core) => [`core${core}`, at.map((instant) => corePercent(core, instant, seed))]),
    ),
    totals: totalsBetween(world, Math.floor(range.from), Math.floor(range.to)),
    ...Object.assign({}, ...simulatedBy(world).map(({ scenario }) => scenario.truth(world, at, range))),
    scrapeAnswer: world.scrapeAnswer,
    ...(world.incident && { incident: { sealed: world.incident, from: world.episodesFrom ?? world.startedAt } }),
  };
};

const memberOf = (world: World): Member => ({
  instance: instanceOf(world),
  job: jobOf(world),
  seed: world.seed,
  simulates: simulatedBy(world).map(({ name }) => name),
  ...(world.leavesAt && { leavesAt: world.leavesAt, listedUntil: listedUntil(world) }),
});

/**
 * Adds up the whole seconds from `fromSecond` to just before `toSecond`.
 * @returns zeros where the range is empty or runs backwards
 */
export const totalsBetween = (world: Instance, fromSecond: number, toSecond: number): Totals => {
  const totals: Totals = { requests: 0, spikes: 0, busySeconds: 0 };
  for (let second = fromSecond; second < toSecond; second += 1) {
    totals.requests += requestsInSecond(world, second);
    totals.spikes += isSpike(world.signal, second, world.seed) ? 1 : 0;
    totals.busySeconds += cpuPercent(world.signal, second, world.seed) / 100;
  }
  return totals;
};
