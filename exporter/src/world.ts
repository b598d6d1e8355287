import type { EngineTarget } from './engine-targets.ts';

/** The CPU signals that `SIGNAL` chooses from. */
export const signalNames = ['random', 'spikes', 'high', 'square'] as const;

/** `calm` is what instances 2 and up play: random, and never over the threshold of the alert HighCPU. */
export type SignalName = (typeof signalNames)[number] | 'calm';

/** The scrape jobs of prometheus.yml.tmpl that an instance can be in; all but the first are cures. */
export const jobNames = ['my_app', 'my_app_limited', 'my_app_native', 'my_app_stamped'] as const;
export type JobName = (typeof jobNames)[number];

/** A part of the requests, in thousandths, and how long each of it takes. */
export type LatencyShare = { perMille: number; seconds: number };

/** A part of the requests, and how many of it fail, both in thousandths. */
export type Route = { route: string; perMille: number; failingPerMille: number };

/** Errors: all in one second, so long after the start, or a share of the requests. */
export type Errors = { count: number; afterSeconds: number } | { routes: readonly Route[] };

/** What one instance plays beside the base signals; what is left out is not played. */
export type Phenomena = {
  latency?: readonly LatencyShare[];
  /** upper edges of the latency histogram in seconds, rising; prom-client's own by default */
  buckets?: readonly number[];
  errors?: Errors;
  /** two versions at once, from so long after the start, for so long */
  deploy?: { afterSeconds: number; seconds: number };
  churnSeconds?: number;
  /** two gauges, one with timestamps of its own, until so long after the start */
  timestampsSeconds?: number;
  /** the scrape job that it is in; `my_app` by default */
  job?: JobName;
};

/** What an instance can play beside the base signals, as `/truth` names it. */
export const phenomenonNames = ['latency', 'burst', 'errors', 'deploy', 'churn', 'timestamps', 'clocks'] as const;
export type Phenomenon = (typeof phenomenonNames)[number];

/** @returns what the instance plays beside the base signals */
export const phenomenaOf = (world: Phenomena & Pick<World, 'clocks'>): Phenomenon[] => {
  const { latency, errors, deploy, churnSeconds: churn, timestampsSeconds: timestamps, clocks } = world;
  // Errors that come all at once are one thing, a share of the requests is another.
  const kinds = errors && ('count' in errors ? { burst: errors } : { errors });
  const played: { [Name in Phenomenon]?: unknown } = { latency, deploy, churn, timestamps, clocks, ...kinds };
  return phenomenonNames.filter((name) => played[name] !== undefined);
};

/** How a scrape is answered where it is answered wrong on purpose (experiment 8). */
export type ScrapeAnswer = { afterSeconds?: number; contentType?: string };

/** The simulated world that one instance reports: everything in it follows from these and the clock. */
export type World = Phenomena & {
  signal: SignalName;
  seed: number;
  /** 1 to 100 000 */
  cores: number;
  /** when this process began, whole unix seconds: its counters count from here */
  startedAt: number;
  /** its place in the fleet, from 1, which is the default */
  number?: number;
  /** when it closes its port, unix seconds */
  leavesAt?: number;
  /** its percent of the fleet's requests, which come evenly then; of several each is in force for a minute, in turn */
  traffic?: { percents: readonly number[]; instances: number };
  /** requests that it had counted before it began */
  requestsBefore?: number;
  /** a wave to be scraped at three intervals */
  clocks?: boolean;
  /** what else Prometheus is to scrape; no part of what happens here, so the truth does not tell it */
  engineTargets?: readonly EngineTarget[];
  /** undefined where a scrape is answered at once, and as what it is */
  scrapeAnswer?: ScrapeAnswer;
};

/** @returns the label `instance`, the same in both runtimes: exporter:8000 for the first */
export const instanceOf = ({ number = 1 }: Pick<World, 'number'>): string => `exporter:${7_999 + number}`;

/** @returns the label `job` */
export const jobOf = ({ job = 'my_app' }: Pick<World, 'job'>): JobName => job;

/** @returns the labels that Prometheus adds to every sample of the instance */
export const targetLabels = (world: Pick<World, 'number' | 'job'>): string =>
  `job="${jobOf(world)}",instance="${instanceOf(world)}"`;

/** @returns the whole unix second from which the instance is gone; infinity where it stays */
export const goneFrom = ({ leavesAt = Number.POSITIVE_INFINITY }: World): number => leavesAt;
