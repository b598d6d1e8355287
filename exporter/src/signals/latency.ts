import { Histogram } from 'prom-client';
import { listOf } from '../../../lab/settings/setting.ts';
import type { Instance } from '../instance.ts';
import type { Range } from '../range.ts';
import { scenario } from '../scenario.ts';
import type { Scrape } from '../scrape.ts';
import { boundsOf, type Episode, episode, fewSeconds, perMille, sumOf } from '../setting.ts';
import { requestsOf } from './requests.ts';
import { spread, spreadWhile } from './spread.ts';

/** A part of the requests, in thousandths, and how long each of it takes. */
type LatencyShare = { perMille: number; seconds: number };

type Latency = {
  latency: { usual: readonly LatencyShare[]; while?: { shares: readonly LatencyShare[]; during: Episode } };
  /** bucket boundaries of the histogram in seconds, rising; prom-client's own by default */
  buckets?: readonly number[];
};

const parseLatency = (text: string): Latency['latency'] | undefined => {
  const [first = '', second, when = '', ...rest] = text.split('/');
  const usual = parseShares(first);
  if (usual === undefined || rest.length > 0) return undefined;
  if (second === undefined) return { usual };
  const [shares, during] = [parseShares(second), episode(when)];
  return shares && during ? { usual, while: { shares, during } } : undefined;
};

const parseShares = (text: string): readonly LatencyShare[] | undefined => {
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

/** Every share of the requests, those of a while last. */
const sharesOf = ({ latency }: Latency): readonly LatencyShare[] => [
  ...latency.usual,
  ...(latency.while?.shares ?? []),
];

const spreadOf = (shares: readonly LatencyShare[]) => spread(shares.map((share) => share.perMille));

/**
 * How long requests took.
 * @returns a function of the instant (unix seconds): how many requests took as long as each of `sharesOf` says
 */
const durationsOf = (instance: Instance & Latency): ((unixSeconds: number) => number[]) => {
  const { latency } = instance;
  const other = latency.while;
  return spreadWhile(
    requestsOf(instance),
    spreadOf(latency.usual),
    other && { split: spreadOf(other.shares), ...boundsOf(instance, other.during) },
  );
};

/** Registers the latency histogram; it counts the requests since the exporter started. */
const registerLatency = ({ registry, counted }: Scrape, instance: Instance & Latency): void => {
  const { buckets = defaultBuckets } = instance;
  const shares = sharesOf(instance);
  const durations = durationsOf(instance);
  let observed = shares.map(() => 0);
  new Histogram({
    name: 'http_request_duration_seconds',
    help: 'How long the simulated requests took.',
    buckets: [...buckets],
    registers: [registry],
    collect() {
      const now = durations(counted());
      for (const [index, { seconds }] of shares.entries()) {
        for (let count = observed[index]!; count < now[index]!; count += 1) this.observe(seconds);
      }
      observed = now;
    },
  });
};

/** What `/truth` reports of the latency; arrays hold one value for each instant. */
type LatencyTruth = {
  shares: readonly LatencyShare[];
  /** where it is otherwise for a while: from when to when, unix seconds, and how */
  while?: { from: number; to: number; shares: readonly LatencyShare[] };
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
  const shares = sharesOf(instance);
  const durations = durationsOf(instance);
  const counts = at.map(durations);
  const under = (boundary: number) =>
    counts.map((each) => sumOf(each.filter((_, index) => shares[index]!.seconds <= boundary)));
  const [before, after] = [durations(from), durations(to)];
  return {
    shares: latency.usual,
    ...(latency.while && {
      while: { ...boundsOf(instance, latency.while.during), shares: latency.while.shares },
    }),
    buckets,
    cumulative: [...buckets, Number.POSITIVE_INFINITY].map(under),
    sumSeconds: counts.map((each) => sumOf(each.map((count, index) => count * shares[index]!.seconds))),
    durations: shares
      .map(({ seconds }, index) => ({ seconds, requests: after[index]! - before[index]! }))
      .sort((one, two) => one.seconds - two.seconds),
  };
};

export const latency = scenario({
  settings: {
    latency: {
      variable: 'LATENCY',
      expected:
        'seconds above 0 and up to 60 such as 0.26, or up to 10 shares of 100 % in all such as 90%:0.02,10%:0.9; ' +
        'otherwise for a while, such as 0.1/0.9/40s@20s',
      parse: parseLatency,
      suchAs: '`0.26`, `90%:0.02,10%:0.9` or `0.1/0.9/40s@20s`',
      simulates:
        '`http_request_duration_seconds`: what each request takes, in seconds; with the last, 0.9 s for 40 s, from 20 s after the start on',
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
      '`shares`, `while` (`from`, `to` and `shares` of a while in which it is otherwise), `buckets`, `cumulative` (an array for each bucket boundary, `+Inf` last), `sumSeconds`, and `durations`: how many of the requests between `from` and `to` took how long, from which any true quantile follows',
  },
});
