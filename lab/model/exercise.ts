import type { Grouping, Routing } from '../alertmanager/routing.ts';
import type { Lab } from './lab.ts';
import type { Reader } from './reader.ts';

/** What a learner writes of Alertmanager's configuration: one route below the base's, and when alerts inhibit others. */
export type WrittenRouting = Pick<Routing, 'inhibitRules'> & { route: Partial<Grouping> };

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
  /** labs that differ from this one where its samples cannot distinguish right from wrong */
  worlds?: readonly World[];
  /** a right value may be rounded, to a whole number at most: counts and percentages, not seconds */
  mayBeRounded?: boolean;
  /** other ways to the same values, each of which the tests run */
  alsoRight?: readonly string[];
  /** wrong ways that are near, without a reason of their own; the tests run each */
  alsoWrong?: readonly string[];
  /** the slowest scrape interval at which it can be judged; 60 by default */
  slowestSeconds?: number;
  /** why only the running lab can judge it, and no test on simulated samples: what they lack */
  onlyLive?: string;
  /**
   * no query is to be written, but Alertmanager's configuration: what the notifications count that it makes of the alerts
   * of this lab, a number for each of `expected`
   */
  counts?: (written: WrittenRouting, read: Reader, lab: Lab) => Promise<number[]>;
};

/**
 * A small lab that is not there: Prometheus computes its series from their formulas, and a learner's query is asked of
 * them, a sample each second. The exercise's answer says what is right.
 */
export type World = {
  /** one number by default: whether an alert is true, or a number for each value of a label */
  asks?: 'alert' | { each: string };
  /** what is different there, as it is read after "wrong": `on a machine with three cores` */
  where: string;
  series: readonly WorldSeries[];
  /** seconds of that world at which it is asked, each half a second after a sample */
  at: readonly number[];
  /** the share by which right ways may differ, as rates do at the boundaries of their window; 0 by default */
  tolerance?: number;
};

export type WorldSeries = {
  /** with `__name__` */
  labels: Readonly<Record<string, string>>;
  /** a scalar in PromQL; `t` is the second of the world */
  value: string;
  /** seconds from the first to before the last at which it is there; always by default */
  during?: readonly [from: number, to: number];
};

/** A typical wrong query; a learner's query with the same values is the same mistake. */
export type Mistake = {
  query: string;
  why: string;
  /** why only the running lab can judge it: what simulated samples lack */
  onlyLive?: string;
};

/** Lowest and highest value that is right; equal where it is known exactly. */
export type Range = readonly [low: number, high: number];

/** What is right at one instant, unix seconds; `where` of one in another world. */
export type Expected =
  /** one series or a scalar, whatever its labels */
  | { at: number; where?: string; number: Range }
  /** one series for each value of the label */
  | { at: number; where?: string; label: string; each: Record<string, Range> }
  /** an alert's expression: it is true where it returns any series, whatever the value */
  | { at: number; where?: string; fires: boolean };

export type Expectation =
  | { kind: 'known'; instants: Expected[] }
  /** not enough stored yet */
  | { kind: 'wait'; seconds: number; reason: string }
  /** the lab cannot show it in its present state; `type` is the command that mends that */
  | { kind: 'elsewhere'; reason: string; type: string };

/** One instant of a judged query, in words; `where` of one in another world. */
export type Compared = { at: number; where?: string; expected: string; given: string; isRight: boolean };

/** What is said of a learner's query. */
export type Solution =
  | { kind: 'right'; why: string; compared: Compared[] }
  /** `mistakes` are those that give the same values */
  | { kind: 'wrong'; reason: string; mistakes: Mistake[]; compared: Compared[] }
  /** the words of Prometheus, or of whom `by` names */
  | { kind: 'refused'; by?: 'Alertmanager'; message: string; place?: { line: number; column: number } }
  | Exclude<Expectation, { kind: 'known' }>;
