import type { Member, Truth as Told } from '../exporter/src/truth.ts';
import type { Comparison } from './comparison.ts';
import type { Picture } from './picture.ts';
import type { SharedState } from './shared.ts';

/** One stored sample: unix seconds and value. */
export type Sample = readonly [at: number, value: number];
export type Series = { labels: Record<string, string>; samples: Sample[] };

/** A query to paste, and how to read what it shows. */
export type Query = {
  expr: string;
  read: string;
  /** why an instant query may find nothing: the step means to show that, or the lab is not in its state */
  noValue?: 'on purpose' | 'at rest';
  /** who is asked, by the name of a source of the step; the lab's own Prometheus unless told */
  of?: string;
};

/** Who answers queries beside the lab's own Prometheus: a service of a step that has Prometheus' API. */
export type Source = {
  /** what it is called wherever it is asked, such as `query, dedup=false` */
  name: string;
  /** by its name and its port in Compose, such as `query:10902` */
  address: string;
  /** what every question to it says as well, such as `{ dedup: 'false' }` */
  parameters?: Readonly<Record<string, string>>;
};

/** How far back a graph looks when it is opened. */
export type LookBack = '5m' | '15m' | '1h';

export type Unit = 'percent' | 'ratio' | 'requests per second' | 'seconds' | 'count' | 'state' | 'spikes' | 'bytes';

export type Colour = 'green' | 'orange' | 'red' | 'blue';

/** A query of a panel, and how what it returns is drawn. */
export type PanelQuery = {
  expr: string;
  /** the name of a line, a row or a figure; `{{label}}` is filled in */
  legend: string;
  style?: 'points' | 'steps';
  /** of a timeline's rows */
  colour?: Colour;
};

/**
 * A dashboard panel as data; grafana/ turns it into JSON and holds what is written in it against the room it has.
 * Sizes are in Grafana's grid of 24 columns: a column is 43 px, a row 38 px.
 */
export type Panel = {
  /**
   * A claim that is true at any minute in the state that the dashboard is for, or a question: the picture has to teach
   * without the README. Room: about 14 characters at width 4, 27 at 6, 40 at 8, 65 at 12; 6 fewer with a description.
   */
  title: string;
  /**
   * timeseries: lines; stat: figures of now; table: the series of now; timeline: a row for each series, with a band
   * while it has a value, so a query for each state and its legend as the state's name
   */
  kind: 'timeseries' | 'stat' | 'timeline' | 'table';
  targets: readonly PanelQuery[];
  unit: Unit;
  /** fixed axis, for percentages */
  range?: [lowest: number, highest: number];
  /** a line drawn at this value */
  threshold?: number;
  /** what a figure is called, for states such as 0 and 1 */
  names?: Record<string, { text: string; colour: Colour }>;
  /** of a table: how many series it shows at most, all of which have to be in sight */
  rows?: number;
  /** what does not fit into the title, shown under its ⓘ */
  description?: string;
  width: number;
  height: number;
};

/** Something that a learner starts with one command. */
export type Step = {
  /** the make target, such as `up` or `exp-5` */
  command: string;
  title: string;
  /** files laid over compose.yaml, in order, as paths from the repository's top folder */
  overrides: readonly string[];
  /** the one layer that changes: producer, scraper, query or sampling */
  layer: string;
  changes: string;
  matters: string;
  queries: readonly Query[];
  /** who else answers queries while it is on */
  sources?: readonly Source[];
  /** how far back its graphs look when they are opened: its dashboard, and links to queries; 15 minutes unless told */
  lookBack?: LookBack;
  expect: string;
  /** uid of the Grafana dashboard that shows it */
  dashboard: string;
  /** what the guide draws of it; the CPU and its spikes unless told */
  picture?: Picture;
  /** true where the running lab shows this step's change; steps without a change have none */
  inForce?: (lab: Lab) => boolean;
};

/** What the lab has to have come to before a change, so that what follows can be measured. */
export type Precondition =
  /** the Prometheus that runs has scraped the exporter */
  | 'scraped'
  /** no alert fires at Alertmanager */
  | 'quiet';

/** One of the faults of an experiment that is a search: faults/NAME.yaml in its folder puts it into force. */
export type Fault = {
  /** what is typed for FAULT and CAUSE */
  name: string;
  /** completes "the fault: " */
  cause: string;
  /** what shows it, as it is seen where this is the fault */
  sign: string;
  /** whether the running lab has it, by its own configuration */
  isInForce: (lab: Lab) => boolean;
};

/** What is done to a service by hand while a step is on; `make kill SERVICE=…` and so on do it. */
export type Act = {
  /** kill: at once, as a crash; stop: politely; freeze: it is there and does nothing, until thaw */
  do: 'kill' | 'stop' | 'start' | 'restart' | 'freeze' | 'thaw';
  service: string;
  /** what the learner is told of it, a sentence */
  says: string;
  /** how long to wait before it is done, by default not at all; `secondsBefore` says how long where scrapes are rare */
  afterSeconds?: number;
};

/** What a machine may lack; such an experiment is named as not run there. */
export type Requirement = 'thanos';

/**
 * What an experiment's folder holds; catalogue.ts derives the rest from the folder's name. Its change is the
 * compose.yaml in its folder, the changes of plain steps put together, or one of several faults.
 */
export type Lesson = Omit<Step, 'command' | 'overrides' | 'dashboard'> & {
  change: 'none' | 'own' | readonly Step[] | { faults: readonly Fault[] };
  question: string;
  /** what the learner does; its acts follow by themselves */
  todo: readonly string[];
  insight: string;
  panels: readonly Panel[];
  precondition?: Precondition;
  /** what the learner solves, in order; numbered from 1 */
  exercises?: readonly Exercise[];
  /** what make compare asks two engines of it */
  comparisons?: readonly Comparison[];
  /** true where its change plays something once, so long after the exporter's start: applied again it plays again */
  happensOnce?: boolean;
  /** the state in which `make check` measures it beside others; its own where there is none */
  measuredIn?: SharedState;
  /** true where `make check` measures again after the undo */
  hasAftermath?: boolean;
  /** the engine that it runs on, which not every machine has */
  requires?: Requirement;
  /** what its state takes over the base lab, MB; so much has to be free before anything is touched */
  memoryMegabytes?: number;
  /**
   * what is done by hand, in phases: the check measures the state after the change, and again after each phase. It
   * finds out from the services and from stored samples which phase the lab is in
   */
  acts?: readonly (readonly Act[])[];
  /** reads what the verdict needs, then judges it */
  check: (read: Reader, lab: Lab) => Promise<Judgement>;
};

export type Experiment = Step &
  Omit<Lesson, 'check'> & {
    /** of a search; `overrides` is the file of the first of them */
    faults: readonly Fault[];
    number: number;
    slug: string;
    /** its folder in experiments/, such as `05-sampling` */
    folder: string;
    /** the command that undoes its change; undefined where there is nothing to undo */
    undo: string | undefined;
    check: (read: Reader, lab: Lab) => Promise<Verdict>;
  };

export type ExporterState = {
  signal: string;
  seed: number;
  startedAt: number;
  cores: number;
  /** every instance that the process plays, the first included */
  fleet?: readonly Member[];
  /** how a scrape is answered, where that is wrong on purpose */
  scrapeAnswer?: NonNullable<Told['scrapeAnswer']>;
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
  /** the services of an engine that Prometheus scrapes, by their label instance, such as `shard-a` */
  engine?: readonly string[];
  /** where Prometheus sends every sample as well */
  remoteWriteUrl?: string;
  /** true where a search may be told: the learner asks for it */
  mayTell?: boolean;
};

/** What an instance's /truth tells, as far as the checks use it. Arrays hold one value for each whole second. */
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
} & Partial<
  Pick<Told, 'fleet' | 'requestsTotal' | 'latency' | 'errors' | 'deploy' | 'churn' | 'timestamps' | 'scrapeAnswer'>
>;

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
  /** what was over a limit and is not in here, in words */
  leftOut?: string[];
};

/** What a query gave at one instant, or Prometheus' own words where it refused the query. */
export type Answer = { type: 'vector' | 'scalar' | 'matrix' | 'string'; series: Series[] } | { refused: string };

/** What a service said, whatever it was: an engine's warnings and refusals are data. */
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
   * @param options.cores  how many of its cores are told of, by default none
   */
  truth: (from: number, to: number, options?: { instance?: number; cores?: number }) => Promise<Truth>;
  tsdb: () => Promise<TsdbStatus>;
  metricNames: () => Promise<string[]>;
  alertRule: (name: string) => Promise<{ forSeconds: number; query: string } | undefined>;
  /** names of the metrics that the exporter serves when asked by hand */
  exporterMetrics: () => Promise<string[]>;
  /** undefined where the guide does not answer */
  notifications: () => Promise<Notification[] | undefined>;
  /** when the learner last named a fault rightly, or asked for it, unix seconds; undefined where that is not known */
  causeNamedAt: () => Promise<number | undefined>;
  /** any service of the step that is on, such as `at('shard-a:9090')`, by the name and the port that it has in Compose */
  at: (address: string) => Api;
};

/** A finding that can fail. `evidence` is a query or an endpoint that anyone can repeat. */
export type Claim = {
  claim: string;
  holds: boolean;
  evidence: string;
  /** where it does not hold: what was expected, what was measured, where to look */
  expected: string;
  measured: string;
  look: string;
};

/** A finding that cannot fail: a measured figure that the claims are read with, shown without ✓. */
export type Fact = { fact: string; evidence: string };

export type Finding = Claim | Fact;

export const isClaim = (finding: Finding): finding is Claim => 'claim' in finding;

/** What a lesson's check says; the catalogue adds the commands that follow from the experiment's number. */
export type Judgement =
  | {
      kind: 'measured';
      findings: Finding[];
      /** what the same check measures after the undo, such as `the return` */
      afterUndo?: string;
      /** how many phases of its acts the lab has been through: what is done by hand next is the phase after them */
      phase?: number;
    }
  /** not enough seen yet */
  | { kind: 'wait'; seconds: number; reason: string }
  /** the lab is not in this experiment's state; `type` where another command than `make exp-N` mends that */
  | { kind: 'elsewhere'; reason: string; type?: string }
  /** it is the learner's to find */
  | { kind: 'search'; reason: string };

/** A judgement with what to do next. */
export type Verdict =
  | { kind: 'measured'; findings: Finding[]; next?: string }
  | { kind: 'wait'; seconds: number; reason: string }
  | { kind: 'elsewhere'; reason: string; type: string }
  | { kind: 'search'; reason: string; type: string };

/** A query that is to be written, and how the answer is judged by value. */
export type Exercise = {
  /** what the query has to give, one or two sentences */
  task: string;
  /** what the learner begins with */
  start: string;
  /** opened one by one; the last one is close to the answer */
  hints: readonly string[];
  /** one right query; every other one with the same values is as right */
  answer: string;
  /** what the answer teaches, one sentence */
  why: string;
  mistakes: readonly Mistake[];
  /** what is right at some instants at which it differs */
  expected: (read: Reader, lab: Lab) => Promise<Expectation>;
};

/** A typical wrong query; a learner's query with the same values is the same mistake. */
export type Mistake = { query: string; why: string };

/** Lowest and highest value that is right; equal where it is known exactly. */
export type Range = readonly [low: number, high: number];

/** What is right at one instant, unix seconds. */
export type Expected =
  /** one series or a scalar, whatever its labels */
  | { at: number; number: Range }
  /** one series for each value of the label */
  | { at: number; label: string; each: Record<string, Range> }
  /** an alert's expression: it is true where it returns any series, whatever the value */
  | { at: number; fires: boolean };

export type Expectation =
  | { kind: 'known'; instants: Expected[] }
  /** not enough stored yet */
  | { kind: 'wait'; seconds: number; reason: string }
  /** the lab cannot show it in its present state; `type` is the command that mends that */
  | { kind: 'elsewhere'; reason: string; type: string };

/** One instant of a judged query, in words. */
export type Compared = { at: number; expected: string; given: string; isRight: boolean };

/** What is said of a learner's query. */
export type Solution =
  | { kind: 'right'; why: string; compared: Compared[] }
  /** `mistakes` are those that give the same values */
  | { kind: 'wrong'; reason: string; mistakes: Mistake[]; compared: Compared[] }
  /** Prometheus' own words */
  | { kind: 'refused'; message: string; place?: { line: number; column: number } }
  | Exclude<Expectation, { kind: 'known' }>;
