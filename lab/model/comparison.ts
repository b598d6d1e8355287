import type { WindowFunction } from '../promql/readings.ts';
import type { Lab } from './lab.ts';
import type { Reader } from './reader.ts';

/** What a window function gave for one series. */
export type Part = { labels: Record<string, string>; value: number };

/** A question of one lesson that `make compare` asks two backends at the same instant, beside the truth. */
export type Question = {
  /** as it is asked: of these instances alone */
  expr: string;
  /** the raw samples that its answer is made from */
  selector: string;
  windowSeconds: number;
  reads: WindowFunction;
  /** makes the answer of what the window function gave for each series; the only one by default */
  combined?: (parts: readonly Part[]) => number | undefined;
  /** what really happened by then; undefined where nothing is right */
  truth: (read: Reader, at: number) => Promise<number | undefined>;
  /** the instant that it is asked for, where that is another than that of the other questions */
  at?: number;
  /** the first and the last instant at which it can be asked, unix seconds */
  from: number;
  until?: number;
};

/** A row of the table: what is shown, and the question that the running lab makes of it, or why it cannot. */
export type Comparison = { shows: string; question: (lab: Lab, read: Reader) => Promise<Question | string> };
