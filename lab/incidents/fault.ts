import type { Range } from '../model/exercise.ts';
import type { Query } from '../model/lesson.ts';
import type { Silence } from '../model/reader.ts';
import type { Series } from '../promql/sample.ts';
import type { Shown } from './shown.ts';

/** How a fault is put into force: by settings of the exporter, where and when the seed says. */
export type Chosen = {
  /** of the instance, from 1 */
  number: number;
  /** of those that the fleet has */
  route: string;
  /** so long after the exporter's start, for so long; whole seconds */
  afterSeconds: number;
  seconds: number;
  /** between two scrapes */
  scrapeSeconds: number;
  /** 0 to 1, what else the seed decides, such as how bad it is */
  size: number;
};

/** A fault that happens, and to whom. Unix seconds: the first second of it, and the first one after it. */
export type Happening = { fault: Fault; chosen: Chosen; from: number; to: number };

/** What was stored of a happening, by the names of `reads`; and how often Prometheus scrapes and evaluates. */
export type Stored = {
  series: Readonly<Record<string, readonly Series[]>>;
  scrapeSeconds: number;
  evaluationSeconds: number;
  /** of a fault that silences: what Alertmanager knows of, where it answers */
  silences?: readonly Silence[];
  /** until when it was read, unix seconds */
  now: number;
};

/** What the stored samples leave open: two instants each, unix seconds, or numbers of requests, both included. */
export type Bounds = { since?: Range; until?: Range; lost?: Range };

/** One kind of fault: a file in faults/, and its line in faults.ts. */
export type Fault = {
  /** what is typed for CAUSE */
  cause: string;
  /** completes "the cause: " */
  says: string;
  /** whose fault it is, in words that go into a list of choices */
  kind: 'service' | 'monitoring';
  /** the first instance that can have it; 1 by default */
  first?: number;
  /** of the monitoring's: whether it can be beside this fault of a service; beside any by default */
  beside?: (service: Fault) => boolean;
  /** of the monitoring's: when it is, where that follows from the times of the service's fault */
  times?: (service: Chosen) => Pick<Chosen, 'afterSeconds' | 'seconds'>;
  /** what Alertmanager is told not to notify of, where it is a silence */
  silences?: { matcher: { name: string; value: string; isRegex: boolean }; comment: string };
  /** the service of the lab that is restarted by hand when it begins, where it is that */
  restarts?: 'prometheus';
  /** settings of the exporter, beside those that the whole fleet has */
  settings: (chosen: Chosen) => Readonly<Record<string, string>>;
  /** how long it lasts, where that is not what was chosen */
  lasts?: (chosen: Chosen) => number;
  /** when it really was, where only what was stored says that; unix seconds */
  happened?: (stored: Stored, from: number) => Range | undefined;
  /** what is right for INSTANCE; the first is what a debrief says */
  who: (chosen: Chosen) => readonly string[];
  /** the selectors that it is judged by */
  reads: (chosen: Chosen) => Readonly<Record<string, string>>;
  /** what they leave open; what is not there yet, nobody can know */
  bounds: (stored: Stored, from: number, to: number) => Bounds;
  /** those of them that show it best */
  shown?: (stored: Stored) => Shown;
  /** from where to look to what to ask: each says more than the one before */
  hints: (chosen: Chosen) => readonly [string, string, string];
  /** that show it at a glance */
  queries: (chosen: Chosen) => readonly [Query, Query, Query];
  /** folders of the experiments behind it */
  experiments: readonly string[];
};
