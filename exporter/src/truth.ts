import { instants, type Range } from './range.ts';
import { type ChurnTruth, churnTruth } from './signals/churn.ts';
import { corePercent } from './signals/cores.ts';
import { cpuPercent, isSpike } from './signals/cpu.ts';
import { type DeployTruth, deployTruth } from './signals/deploy.ts';
import { type ErrorsTruth, errorsTruth } from './signals/errors.ts';
import { type LatencyTruth, latencyTruth } from './signals/latency.ts';
import { memoryPercent } from './signals/memory.ts';
import { requestsInSecond, requestsOf } from './signals/requests.ts';
import { type TimestampsTruth, timestampsTruth } from './signals/timestamps.ts';
import { wavePercent } from './signals/wave.ts';
import { listedUntil } from './targets.ts';
import {
  instanceOf,
  type JobName,
  jobOf,
  type Phenomenon,
  phenomenaOf,
  type ScrapeAnswer,
  type World,
} from './world.ts';

/** What has happened over a stretch of whole seconds. */
export type Totals = { requests: number; spikes: number; busySeconds: number };

/** One instance of the fleet. Times are unix seconds. */
export type Member = {
  instance: string;
  job: JobName;
  seed: number;
  /** what it plays beside the base signals */
  plays: Phenomenon[];
  /** when it closes its port, and until when /targets still names it; not there where it stays */
  leavesAt?: number;
  listedUntil?: number;
};

/**
 * What really happened at one instance, as `GET /truth` tells it. Arrays hold one value for each instant. What a
 * setting beside the base signals plays is there where it is set.
 */
export type Truth = Pick<World, 'signal' | 'seed' | 'startedAt'> &
  Range & {
    instance: string;
    fleet: Member[];
    instants: number[];
    cpuPercent: number[];
    memoryPercent: number[];
    /** arrivals in the second that the instant lies in */
    requestsPerSecond: number[];
    /** what `requests_total` shows at the instant */
    requestsTotal: number[];
    /** all there are; `cores` tells of those that were asked for */
    coreCount: number;
    cores: Record<string, number[]>;
    /** over the whole seconds from `from` to just before `to`, whatever the step */
    totals: Totals;
    latency: LatencyTruth | undefined;
    errors: ErrorsTruth | undefined;
    deploy: DeployTruth | undefined;
    churn: ChurnTruth | undefined;
    timestamps: TimestampsTruth | undefined;
    /** of the clocks */
    wavePercent: number[] | undefined;
    /** how a scrape is answered, where that is wrong on purpose */
    scrapeAnswer: ScrapeAnswer | undefined;
  };

/** Points that one step of the truth holds. */
export const truthSeries = ({ buckets, latency, errors, ...world }: World, cores: number): number => {
  const ofLatency = latency === undefined ? 0 : (buckets?.length ?? 11) + 2;
  const ofErrors = errors === undefined ? 0 : 1 + 2 * ('routes' in errors ? errors.routes.length : 0);
  const others = [world.deploy, world.churnSeconds, world.timestampsSeconds, world.clocks].filter(Boolean).length;
  return 4 + cores + ofLatency + ofErrors + 2 * others;
};

/**
 * One instance's signals over a range. They are pure functions of time: earlier than `startedAt` it is what would
 * have been; counters begin there.
 * @param coresTold  0 to the number of cores
 */
export const truth = (world: World, fleet: readonly World[], range: Range, coresTold: number): Truth => {
  const at = instants(range);
  const { signal, seed, startedAt, requestsBefore = 0 } = world;
  const cores = Array.from({ length: coresTold }, (_, index) => index + 1);
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
    latency: latencyTruth(world, at, range),
    errors: errorsTruth(world, at, range.to),
    deploy: deployTruth(world, at),
    churn: churnTruth(world, at),
    timestamps: timestampsTruth(world, at),
    wavePercent: world.clocks ? at.map(wavePercent) : undefined,
    scrapeAnswer: world.scrapeAnswer,
  };
};

const memberOf = (world: World): Member => ({
  instance: instanceOf(world),
  job: jobOf(world),
  seed: world.seed,
  plays: phenomenaOf(world),
  ...(world.leavesAt && { leavesAt: world.leavesAt, listedUntil: listedUntil(world) }),
});

/**
 * Adds up the whole seconds from `fromSecond` to just before `toSecond`.
 * @returns zeros where the stretch is empty or runs backwards
 */
export const totalsBetween = (world: World, fromSecond: number, toSecond: number): Totals => {
  const totals: Totals = { requests: 0, spikes: 0, busySeconds: 0 };
  for (let second = fromSecond; second < toSecond; second += 1) {
    totals.requests += requestsInSecond(world, second);
    totals.spikes += isSpike(world.signal, second, world.seed) ? 1 : 0;
    totals.busySeconds += cpuPercent(world.signal, second, world.seed) / 100;
  }
  return totals;
};
