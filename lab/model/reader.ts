import type { Series } from '../promql/sample.ts';
import type { Truth } from './lab.ts';

export type TsdbStatus = { series: number; byMetric: { name: string; value: number }[] };

/** One notification that the guide received from Alertmanager. Times are unix seconds. */
export type Notification = {
  alertname: string;
  status: 'firing' | 'resolved';
  labels: Record<string, string>;
  annotations: Record<string, string>;
  startsAt: number;
  endsAt: number | undefined;
  receivedAt: number;
  /** the group that it came with: what came of one group at one instant was one notification */
  group?: string;
  /** what was over a limit and is not in here, in words */
  leftOut?: string[];
};

/** An alert that Alertmanager has for firing, and how many alerts and silences hold its notification back. */
export type HeldAlert = { labels: Record<string, string>; inhibitedBy: number; silencedBy: number };

/** What somebody has told Alertmanager not to notify of. Times are unix seconds; one that was ended early ends there. */
export type Silence = {
  id: string;
  /** as Alertmanager writes them, such as `alertname=~"Errors.+"` */
  matchers: string;
  createdBy: string;
  comment: string;
  startsAt: number;
  endsAt: number;
};

/** What a query gave at one instant, or Prometheus' own words where it refused the query. */
export type Answer = { type: 'vector' | 'scalar' | 'matrix' | 'string'; series: Series[] } | { refused: string };

/** What a service said, whatever it was: a backend's warnings and refusals are data. */
export type ServiceAnswer = {
  /** of HTTP */
  code: number;
  /** `success` or `error`, in the service's own words; empty where it does not speak Prometheus' API */
  status: string;
  warnings: readonly string[];
  data: unknown;
  /** its own words where it refuses */
  error?: string;
};

/** How any service that speaks Prometheus' HTTP API is asked. */
export type Api = Pick<Reader, 'query' | 'range' | 'samples'> & {
  /**
   * what it says to one question, such as `answer('query', { query: 'up', partial_response: 'false' })`
   * @returns undefined where nothing answers in 5 s: it does not run, starts, or is frozen
   */
  answer: (path: string, parameters?: Record<string, string | number>) => Promise<ServiceAnswer | undefined>;
};

/** Flags of Prometheus, seconds: `--rules.alert.for-grace-period`, `for-outage-tolerance` and `resend-delay`. */
export type AlertFlags = { graceSeconds: number; toleranceSeconds: number; resendSeconds: number };

/** How a check reads the lab. The catalogue only calls it; lab/ implements it. */
export type Reader = {
  /** instant query */
  query: (expr: string, at?: number) => Promise<Series[]>;
  /** instant query of a learner: what it is, and a refusal of Prometheus as data */
  ask: (expr: string, at: number) => Promise<Answer>;
  /** range query */
  range: (expr: string, from: number, to: number, step: number) => Promise<Series[]>;
  /** the stored samples themselves, with their scrape times: `selector[window]` */
  samples: (selector: string, windowSeconds: number, at: number) => Promise<Series[]>;
  /**
   * what really happened at one instance, by default the first, from one whole second to another
   * @param options.cores  how many of its cores are reported, by default none
   */
  truth: (from: number, to: number, options?: { instance?: number; cores?: number }) => Promise<Truth>;
  tsdb: () => Promise<TsdbStatus>;
  /** of the flags that the lab's Prometheus runs with: those about alerts */
  alertFlags: () => Promise<AlertFlags>;
  metricNames: () => Promise<string[]>;
  alertRule: (name: string) => Promise<{ forSeconds: number; keepFiringSeconds: number; query: string } | undefined>;
  /** names of the metrics that the exporter serves when asked by hand */
  exporterMetrics: () => Promise<string[]>;
  /** undefined where the guide does not answer */
  notifications: () => Promise<Notification[] | undefined>;
  /** every alert that Alertmanager has; undefined where it does not answer */
  alerts: () => Promise<HeldAlert[] | undefined>;
  /** every silence, also one that is over or planned; undefined where Alertmanager does not answer */
  silences: () => Promise<Silence[] | undefined>;
  /** when the learner last named a fault rightly, or asked for it, unix seconds; undefined where that is not known */
  causeNamedAt: () => Promise<number | undefined>;
  /** any service of the step that is on, such as `at('shard-a:9090')`, by the name and the port that it has in Compose */
  at: (address: string) => Api;
};
