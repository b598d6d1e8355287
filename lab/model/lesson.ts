import type { Comparison } from './comparison.ts';
import type { Exercise } from './exercise.ts';
import type { Lab } from './lab.ts';
import type { Panel } from './panel.ts';
import type { Picture } from './picture.ts';
import type { NotSimulated, Plan, Silencing } from './plan.ts';
import type { Reader } from './reader.ts';
import type { SharedState } from './shared-state.ts';
import type { Judgement, Verdict } from './verdict.ts';

/** A query to paste, and how to read what it shows. */
export type Query = {
  expr: string;
  read: string;
  /**
   * when an instant query may find nothing, so that nobody takes that for a fault. always: it never has a value;
   * on purpose: while the step is active, which means to show that; at rest: while the step is not active
   */
  noValue?: 'always' | 'on purpose' | 'at rest';
  /** who is asked, by the name of a source of the step; the lab's own Prometheus by default */
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
export type LookBack = '5m' | '10m' | '15m' | '1h';

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
  /** how far back its graphs look when they are opened: its dashboard, and links to queries; 15 minutes by default */
  lookBack?: LookBack;
  expect: string;
  /** what can be typed next, in lines; the experiments by default */
  next?: string;
  /** uid of the Grafana dashboard that shows it */
  dashboard: string;
  /** what the guide draws of it; the CPU and its spikes by default */
  picture?: Picture;
  /** true where the running lab shows this step's change; steps without a change have none */
  isActive?: (lab: Lab) => boolean;
};

/** How often Prometheus scrapes, and evaluates its rules. */
export type Intervals = Pick<Lab, 'scrapeSeconds' | 'evaluationSeconds'>;

/** Why a check cannot measure at some intervals: `reason` is a clause, `type` what to type instead. */
type TooCoarse = {
  reason: string;
  type: string;
  /** it depends on the phase of the scrapes, so the check tries */
  isByChance?: true;
};

/** What the lab has to have come to before a change, so that what follows can be measured. */
export type Precondition =
  /** the Prometheus that runs has scraped the exporter */
  | 'scraped'
  /** no alert fires at Alertmanager */
  | 'quiet';

/** One of the faults of an experiment that is a search: faults/NAME.yaml in its folder activates it. */
export type Fault = {
  /** what is typed for FAULT and CAUSE */
  name: string;
  /** completes "the fault: " */
  cause: string;
  /** what shows it, as it is seen where this is the fault */
  sign: string;
  /** whether the running lab has it, by its own configuration */
  isActive: (lab: Lab) => boolean;
};

/** A failure injection, or its end: what is done to a service by hand while a step is on; `make kill SERVICE=…` and so on do it. */
export type ManualStep = {
  /** kill: at once, as a crash; stop: politely; freeze: it is there and does nothing, until thaw */
  do: 'kill' | 'stop' | 'start' | 'restart' | 'freeze' | 'thaw';
  service: string;
  /** what the learner reads about it, a sentence */
  says: string;
  /** how long to wait before it is done, by default not at all; `secondsBefore` says how long where scrapes are rare */
  afterSeconds?: number;
};

/** What a machine may lack; such an experiment is named as not run there. */
type Requirement = 'OTLP' | 'alertmanager' | 'blackbox' | 'pushgateway' | 'thanos';

/** The parts of the catalogue, in the order in which they are shown. */
export const chapters = ['Metrics', 'Alerts', 'Fleets', 'Beyond one Prometheus', 'Monitoring itself'] as const;

type Chapter = (typeof chapters)[number];

/**
 * What an experiment's folder holds; catalogue.ts derives the rest from the folder's name. Its change is the
 * compose.yaml in its folder, the changes of plain steps put together, or one of several faults.
 */
export type Lesson = Omit<Step, 'command' | 'overrides' | 'dashboard'> & {
  change: 'none' | 'own' | readonly Step[] | { faults: readonly Fault[] };
  chapter: Chapter;
  /** from its command to its check with everything read, the exercises aside: about so many minutes, 1 to 30 */
  minutes: number;
  question: string;
  /** what the learner does; its manual steps follow by themselves */
  todo: readonly string[];
  insight: string;
  panels: readonly Panel[];
  precondition?: Precondition;
  /** what the learner solves, in order; numbered from 1 */
  exercises?: readonly Exercise[];
  /** what make compare asks two backends of it */
  comparisons?: readonly Comparison[];
  /** what that needs of the exporter, as `plan.environment` says it: `make docs` gives its instances numbers of their own */
  comparedOn?: Readonly<Record<string, string>>;
  /** true where its change simulates what happens once, so long after the exporter's start: applied again it happens again */
  happensOnce?: boolean;
  /** the state in which `make check` measures it beside others; its own where there is none */
  measuredIn?: SharedState;
  /** true where `make check` measures again after the undo */
  hasAftermath?: boolean;
  /** what its command silences; the next step ends that */
  silences?: readonly Silencing[];
  /** the program that it runs on, which not every machine has */
  requires?: Requirement;
  /** what its state takes over the base lab, MB; so much has to be free before anything is touched */
  memoryMegabytes?: number;
  /**
   * the manual steps, in phases: the check measures the state after the change, and again after each phase. It
   * finds out from the services and from stored samples which phase the lab is in
   */
  manualSteps?: readonly (readonly ManualStep[])[];
  /** what its check says of intervals at which it cannot measure, or may not be able to; undefined where it can */
  tooCoarse?: (intervals: Intervals) => TooCoarse | undefined;
  /** what it is in the simulated lab, where every check is tried at every interval and its exercises are, too */
  plan: Plan | NotSimulated;
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
