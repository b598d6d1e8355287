import type { Lab } from './lab.ts';
import type { Reader } from './reader.ts';

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
