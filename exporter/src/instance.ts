import type { ThanosTarget } from './thanos-targets.ts';

/** The CPU signals that `SIGNAL` chooses from. */
export const signalNames = ['random', 'spikes', 'high', 'square'] as const;

/** `calm` is what instances 2 and up have: random, and never over the threshold of the alert HighCPU. */
export type SignalName = (typeof signalNames)[number] | 'calm';

/** The scrape jobs of prometheus.yml.tmpl that an instance can be in; all but the first differ from it in one thing. */
export const jobNames = [
  'my_app',
  'my_app_limited',
  'my_app_native',
  'my_app_stamped',
  'my_app_labeldrop',
  'my_app_wrong_stage',
  'my_app_unanchored',
  'my_app_drop',
  'my_app_two_keeps',
  'my_app_labelmap',
  'my_app_honor_labels',
] as const;
export type JobName = (typeof jobNames)[number];

/** How a scrape is answered where it is answered wrong on purpose (experiment 8). */
export type ScrapeAnswer = { afterSeconds?: number; contentType?: string };

/**
 * One instance without its scenarios: what it reports follows from these, its scenarios and the clock. A scenario knows
 * no more of an instance than this and its own settings.
 */
export type Instance = {
  signal: SignalName;
  seed: number;
  /** 1 to 100 000 */
  cores: number;
  /** when this process began, whole unix seconds: its counters count from here */
  startedAt: number;
  /** from when its episodes are counted, where an earlier process began them; `startedAt` by default */
  episodesFrom?: number;
  /** its place in the fleet, from 1, which is the default */
  number?: number;
  /** when it closes its port, unix seconds */
  leavesAt?: number;
  /** its percent of the fleet's requests, which come evenly then; of several each is active for a minute, in turn */
  traffic?: { percents: readonly number[]; instances: number };
  /** requests that it had counted before it began */
  requestsBefore?: number;
  /** the scrape job that it is in; `my_app` by default */
  job?: JobName;
  /** what else Prometheus is to scrape; no part of what happens here, so the truth does not report it */
  thanosTargets?: readonly ThanosTarget[];
  /** of the first: the settings that came sealed */
  incident?: string;
  /** undefined where a scrape is answered at once, and as what it is */
  scrapeAnswer?: ScrapeAnswer;
};

/** @returns the label `instance`, the same in both runtimes: exporter:8000 for the first */
export const instanceOf = ({ number = 1 }: Pick<Instance, 'number'>): string => `exporter:${7_999 + number}`;

/** @returns the label `job` */
export const jobOf = ({ job = 'my_app' }: Pick<Instance, 'job'>): JobName => job;

/** @returns the labels that Prometheus adds to every sample of the instance */
export const targetLabels = (world: Pick<Instance, 'number' | 'job'>): string =>
  `job="${jobOf(world)}",instance="${instanceOf(world)}"`;

/** @returns the whole unix second from which the instance is gone; infinity where it stays */
export const goneFrom = ({ leavesAt = Number.POSITIVE_INFINITY }: Pick<Instance, 'leavesAt'>): number => leavesAt;
