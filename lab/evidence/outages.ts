import type { Sample } from '../promql/sample.ts';
import { milliseconds } from '../promql/window.ts';

/** A stretch in which a service was away, by the scrapes of it; unix seconds. */
export type Absence = {
  /** the last scrape that it answered before */
  lastSeen: number;
  /** the first that failed; undefined where it was back before the next one */
  firstMissed?: number;
  /** the last that failed */
  lastMissed?: number;
  /** the first that it answered again; undefined while it is away */
  seenAgain?: number;
};

/**
 * Where a service was away: a scrape failed, or another process answers than before.
 * @param up     samples of its `up`, of all scrapes; what failed before it was ever seen is no absence
 * @param began  samples of its `process_start_time_seconds`, at the times of the scrapes that it answered
 */
export const absencesOf = (up: readonly Sample[], began: readonly Sample[]): Absence[] => {
  const beganAt = new Map(began.map(([at, value]) => [milliseconds(at), value]));
  const absences: Absence[] = [];
  let lastSeen: number | undefined;
  let open: Absence | undefined;
  for (const [at, value] of up) {
    if (value === 0) {
      if (lastSeen === undefined) continue;
      if (open === undefined) {
        open = { lastSeen, firstMissed: at };
        absences.push(open);
      }
      open.lastMissed = at;
      continue;
    }
    if (open !== undefined) open.seenAgain = at;
    else if (lastSeen !== undefined && isAnother(beganAt.get(milliseconds(lastSeen)), beganAt.get(milliseconds(at)))) {
      absences.push({ lastSeen, seenAgain: at });
    }
    open = undefined;
    lastSeen = at;
  }
  return absences;
};

const isAnother = (before: number | undefined, after: number | undefined): boolean =>
  before !== undefined && after !== undefined && before !== after;

/** @returns whether it is away at the newest scrape */
export const isAway = (absences: readonly Absence[]): boolean =>
  absences.length > 0 && absences.at(-1)!.seenAgain === undefined;

/** The values of a start time, in their order, each once: the starts of one process after the other. */
export const startsOf = (began: readonly Sample[]): number[] => [...new Set(began.map(([, value]) => value))];
