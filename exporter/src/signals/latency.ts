import { Histogram } from 'prom-client';
import { listOf, type Setting } from '../../../lab/settings/setting.ts';
import type { Range } from '../range.ts';
import type { Scrape } from '../scrape.ts';
import { fewSeconds, perMille, sumOf } from '../setting.ts';
import type { LatencyShare, World } from '../world.ts';
import { requestsOf } from './requests.ts';
import { spread } from './spread.ts';

/** `LATENCY`: what each request takes. */
export const latencySetting: Setting<readonly LatencyShare[]> = {
  expected: 'seconds above 0 and up to 60 such as 0.26, or up to 10 shares of 100 % in all such as 90%:0.02,10%:0.9',
  parse: (text) => {
    const all = fewSeconds(text);
    if (all !== undefined) return [{ perMille: 1_000, seconds: all }];
    const shares = listOf(text, 10, (part) => {
      const [share = '', time = '', ...rest] = part.split(':');
      const [thousandths, seconds] = [perMille(share), fewSeconds(time)];
      if (!thousandths || seconds === undefined || rest.length > 0) return undefined;
      return { perMille: thousandths, seconds };
    });
    return shares && sumOf(shares.map((share) => share.perMille)) === 1_000 ? shares : undefined;
  },
};

/** `BUCKETS`: the histogram's upper edges. */
export const bucketsSetting: Setting<readonly number[]> = {
  expected: '1 to 30 edges in seconds, each above the one before and up to 60, such as 0.1,0.26,0.5',
  parse: (text) => {
    const edges = listOf(text, 30, fewSeconds);
    return edges?.every((edge, index) => index === 0 || edge > edges[index - 1]!) ? edges : undefined;
  },
};

/** prom-client's own, which are everybody's. */
export const defaultBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * How long requests took.
 * @returns a function of a count: how many of the first so many requests took as long as each share says
 */
export const durationsOf = (shares: readonly LatencyShare[]): ((requests: number) => number[]) =>
  spread(shares.map((share) => share.perMille));

/** Registers the latency histogram; it counts the requests since the exporter started. */
export const registerLatency = ({ registry, world, counted }: Scrape): void => {
  const { latency, buckets = defaultBuckets } = world;
  if (latency === undefined) return;
  const requests = requestsOf(world);
  const durations = durationsOf(latency);
  let observed = latency.map(() => 0);
  new Histogram({
    name: 'http_request_duration_seconds',
    help: 'How long the simulated requests took.',
    buckets: [...buckets],
    registers: [registry],
    collect() {
      const now = durations(requests(counted()));
      for (const [index, { seconds }] of latency.entries()) {
        for (let count = observed[index]!; count < now[index]!; count += 1) this.observe(seconds);
      }
      observed = now;
    },
  });
};

/** What `/truth` tells of the latency; arrays hold one value for each instant. */
export type LatencyTruth = {
  shares: readonly LatencyShare[];
  /** upper edges in seconds, without the infinite one */
  buckets: readonly number[];
  /** an array for each edge and the infinite one: what its `_bucket` series shows, requests since `startedAt` */
  cumulative: number[][];
  sumSeconds: number[];
  /** requests of the whole seconds from `from` to just before `to`, and how long they took, shortest first */
  durations: { seconds: number; requests: number }[];
};

/** @returns undefined where the instance has no latency */
export const latencyTruth = (world: World, at: readonly number[], { from, to }: Range): LatencyTruth | undefined => {
  const { latency, buckets = defaultBuckets } = world;
  if (latency === undefined) return undefined;
  const requests = requestsOf(world);
  const durations = durationsOf(latency);
  const counts = at.map((instant) => durations(requests(instant)));
  const under = (edge: number) =>
    counts.map((each) => sumOf(each.filter((_, index) => latency[index]!.seconds <= edge)));
  const [before, after] = [durations(requests(from)), durations(requests(to))];
  return {
    shares: latency,
    buckets,
    cumulative: [...buckets, Number.POSITIVE_INFINITY].map(under),
    sumSeconds: counts.map((each) => sumOf(each.map((count, index) => count * latency[index]!.seconds))),
    durations: latency
      .map(({ seconds }, index) => ({ seconds, requests: after[index]! - before[index]! }))
      .sort((one, two) => one.seconds - two.seconds),
  };
};
