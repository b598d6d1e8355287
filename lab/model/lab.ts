import type { Member, Truth as Reported } from '../../exporter/src/truth.ts';
import type { ScenarioTruth } from '../../exporter/src/world.ts';

export type ExporterState = {
  signal: string;
  seed: number;
  startedAt: number;
  cores: number;
  /** every instance that the process simulates, the first included */
  fleet?: readonly Member[];
  /** how a scrape is answered, where that is wrong on purpose */
  scrapeAnswer?: NonNullable<Reported['scrapeAnswer']>;
  /** where an incident is on: its settings, sealed, and when the exporter began with them */
  incident?: NonNullable<Reported['incident']>;
};

export type Target = { health: string; lastError: string; scrapeUrl: string };

/** The state of the running lab, read from its own APIs just before a check. */
export type Lab = {
  /** unix seconds */
  now: number;
  scrapeSeconds: number;
  evaluationSeconds: number;
  /** when the Prometheus that answers began */
  prometheusStartedAt: number;
  /** the step that was applied last and the stretch in which that was done, where it is known */
  applied?: { step: string; from: number; to: number };
  /** undefined where the exporter does not answer */
  exporter: ExporterState | undefined;
  /** true where it hangs: it takes a question and gives no answer in time */
  exporterIsSilent?: boolean;
  /** the my_app target as Prometheus sees it */
  target: Target | undefined;
  /** the job my_app of the configuration that Prometheus runs with, as it writes it */
  jobConfig?: string;
  /** the services of job `thanos` that Prometheus scrapes, by their label instance, such as `shard-a` */
  thanos?: readonly string[];
  /** a target of the learner's own that Prometheus scrapes, host:port as it was typed */
  ownTarget?: string;
  /** where Prometheus sends every sample as well */
  remoteWriteUrl?: string;
  /** true where a search may be revealed: the learner asks for it */
  mayTell?: boolean;
};

/** What an instance's /truth reports, as far as the checks use it. Arrays hold one value for each whole second. */
export type Truth = {
  signal: string;
  seed: number;
  /** when the exporter began: earlier than this is what would have been */
  startedAt: number;
  instants: number[];
  cpuPercent: number[];
  requestsPerSecond: number[];
  /** of the first cores, as many as were asked for: `core1` and on */
  cores: Record<string, number[]>;
  totals: { requests: number; spikes: number; busySeconds: number };
} & Partial<Pick<Reported, 'fleet' | 'requestsTotal' | 'scrapeAnswer'> & ScenarioTruth>;
