import { Histogram } from 'prom-client';
import { listOf } from '../../../lab/settings/setting.ts';
import type { Instance } from '../instance.ts';
import type { Range } from '../range.ts';
import { scenario } from '../scenario.ts';
import type { Scrape } from '../scrape.ts';
import { fewSeconds, perMille, sumOf } from '../setting.ts';
import { requestsOf } from './requests.ts';
import { spread } from './spread.ts';

/** A part of the requests, in thousandths, and how long each of it takes. */
type LatencyShare = { perMille: number; seconds: number };

type Latency = {
  latency: readonly LatencyShare[];
  /** bucket boundaries of the histogram in seconds, rising; prom-client's own by default */
  buckets?: readonly number[];
};

const parseLatency = (text: string): readonly LatencyShare[] | undefined => {
  const all = fewSeconds(text);
  if (all !== undefined) return [{ perMille: 1_000, seconds: all }];
  const shares = listOf(text, 10, (part) => {
    const [share = '', time = '', ...rest] = part.split(':');
    const [thousandths, seconds] = [perMille(share), fewSeconds(time)];
    if (!thousandths || seconds === undefined || rest.length > 0) return undefined;
    return { perMille: thousandths, seconds };
  });
  return shares && sumOf(shares.map((share) => share.perMille)) === 1_000 ? shares : undefined;
};

const parseBuckets = (text: string): readonly number[] | undefined => {
  const boundaries = listOf(text, 30, fewSeconds);
  return boundaries?.every((each, index) => index === 0 || each > boundaries[index - 1]!) ? boundaries : undefined;
};

/** prom-client's own, which are everybody's. */
export const defaultBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * How long requests took.
 * @returns a function of a count: how many of the first so many requests took as long as each share says
 */
const durationsOf = (shares: readonly LatencyShare[]): ((requests: number) => number[]) =>
  spread(shares.map((share) => share.perMille));

/** Registers the latency histogram; it counts the requests since the exporter started. */
const registerLatency = ({ registry, counted }: Scrape, instance: Instance & Latency): void => {
  const { latency, buckets = defaultBuckets } = instance;
  const requests = requestsOf(instance);
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
type LatencyTruth = {
  shares: readonly LatencyShare[];
  /** bucket boundaries in seconds, without the infinite one */
  buckets: readonly number[];
  /** an array for each boundary and the infinite one: what its `_bucket` series shows, requests since `startedAt` */
  cumulative: number[][];
  sumSeconds: number[];
  /** requests of the whole seconds from `from` to just before `to`, and how long they took, shortest first */
  durations: { seconds: number; requests: number }[];
};

const latencyTruth = (instance: Instance & Latency, at: readonly number[], { from, to }: Range): LatencyTruth => {
  const { latency, buckets = defaultBuckets } = instance;
  const requests = requestsOf(instance);
  const durations = durationsOf(latency);
  const counts = at.map((instant) => durations(requests(instant)));
  const under = (boundary: number) =>
    counts.map((each) => sumOf(each.filter((_, index) => latency[index]!.seconds <= boundary)));
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

export const latency = scenario({
  settings: {
    latency: {
      variable: 'LATENCY',
      expected:
        'seconds above 0 and up to 60 such as 0.26, or up to 10 shares of 100 % in all such as 90%:0.02,10%:0.9',
      parse: parseLatency,
      suchAs: '`0.26` or `90%:0.02,10%:0.9`',
      simulates: '`http_request_duration_seconds`: what each request takes, in seconds',
    },
    buckets: {
      variable: 'BUCKETS',
      expected: '1 to 30 bucket boundaries in seconds, each above the one before and up to 60, such as 0.1,0.26,0.5',
      parse: parseBuckets,
      suchAs: '`0.1,0.26,0.5`',
      simulates: 'the bucket boundaries of that histogram, 1 to 30 of them; by default prom-client’s',
    },
  },
  simulated: ({ latency }: Partial<Latency>) => latency && 'latency',
  register: registerLatency,
  truth: (instance: Instance & Latency, at, range) => ({ latency: latencyTruth(instance, at, range) }),
  points: ({ buckets = defaultBuckets }) => buckets.length + 2,
  reports: {
    latency:
      '`shares`, `buckets`, `cumulative` (an array for each bucket boundary, `+Inf` last), `sumSeconds`, and `durations`: how many of the requests between `from` and `to` took how long, from which any true quantile follows',
  },
});
