import type { Lab } from '../model/lab.ts';
import { inWindow, type Window } from '../promql/window.ts';
import type { Target } from './fleet.ts';
import { activeSince } from './samples.ts';

/** The newest time of which everything is stored, for a check that takes the lab as it is. */

/** Everything that several services are asked for lies so far back: what was scraped until then is stored in each. */
export const backSeconds = 5;

/** An instant in whole milliseconds, as Prometheus takes it. */
export const instant = (at: number): number => Math.floor(at * 1000) / 1000;

/** The newest window whose samples are stored, long enough for two of each instance. */
export const newestWindow = ({ now, scrapeSeconds }: Pick<Lab, 'now' | 'scrapeSeconds'>): Window => ({
  at: instant(now - backSeconds),
  windowSeconds: Math.max(30, Math.ceil(3 * scrapeSeconds)),
});

/** Long enough for some scrapes at any interval, and soon over. */
const windowSecondsFor = ({ scrapeSeconds }: Lab): number => Math.max(20, Math.ceil(3 * scrapeSeconds));
const fewestScrapes = 3;
/** What a verdict waits for. */
export const awaited = (lab: Lab): string =>
  `${fewestScrapes} scrapes of each instance, and ${windowSecondsFor(lab)} s of them`;
/** A target that service discovery names is scraped so much later at most, its own interval aside. */
const discoverySeconds = 12;

/** Until now, about as far back as `latestWindow` needs. */
export const recentWindow = (lab: Lab): Window => ({
  at: lab.now,
  windowSeconds: Math.max(1, Math.min(windowSecondsFor(lab) + 3 * lab.scrapeSeconds, lab.now - activeSince(lab))),
});

/**
 * The latest window in which each instance was scraped some times with the current settings.
 * @returns the seconds until there is one where there is none yet
 */
export const latestWindow = (targets: readonly Pick<Target, 'up'>[], lab: Lab): Window | { seconds: number } => {
  const windowSeconds = windowSecondsFor(lab);
  // What is older than the last scrape of a target is stored: its scrapes are stored in their order.
  const at = Math.min(...targets.map(({ up }) => up.at(-1)?.[0] ?? Number.NEGATIVE_INFINITY));
  const scrapes = targets.map(({ up }) => inWindow(up, at, windowSeconds).filter(([, value]) => value === 1).length);
  const since = activeSince(lab);
  if (at - windowSeconds >= since && Math.min(...scrapes) >= fewestScrapes) return { at, windowSeconds };
  const first = Number.isFinite(at) ? lab.scrapeSeconds : discoverySeconds + lab.scrapeSeconds;
  const missing = Math.max(0, fewestScrapes - Math.min(...scrapes)) * lab.scrapeSeconds;
  return { seconds: Math.max(1, Math.ceil(Math.max(since + windowSeconds + first - lab.now, missing + 1))) };
};
