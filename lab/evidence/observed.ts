import type { Lab, Truth } from '../model/lab.ts';
import { scrapeDuration, targetUp } from '../model/metrics.ts';
import type { Reader } from '../model/reader.ts';
import { growth } from '../promql/extrapolation.ts';
import type { Sample, Series } from '../promql/sample.ts';
import { inWindow } from '../promql/window.ts';
import type { Instance } from './fleet.ts';
import { inForceSince, only } from './samples.ts';
import { couldHaveGrown, type HeldSignal, type Scrape, scrapesIn } from './scrape.ts';

/** What is stored of an instance since the settings are in force. */
export type Observed = Pick<Instance, 'instance' | 'job' | 'number'> & {
  /** of the metrics that were asked for */
  series: Series[];
  /** samples of `up` */
  up: Sample[];
  scrapeAt: (at: number) => Scrape;
};

/** The time up to which everything is stored, and a window before it; unix seconds. */
export type Stretch = { at: number; windowSeconds: number };

/** Long enough for some scrapes at any interval, and soon over. */
export const windowSecondsFor = ({ scrapeSeconds }: Lab): number => Math.max(20, Math.ceil(3 * scrapeSeconds));
const fewestScrapes = 3;
/** What a verdict waits for. */
export const awaited = (lab: Lab): string =>
  `${fewestScrapes} scrapes of each instance, and ${windowSecondsFor(lab)} s of them`;
/** A target that service discovery names is scraped so much later at most, its own interval aside. */
const discoverySeconds = 12;

/** Reads what is stored of some instances, about as far back as `latestStretch` needs. */
export const observe = async (
  read: Reader,
  lab: Lab,
  instances: readonly Instance[],
  metrics: readonly string[],
): Promise<Observed[]> => {
  const jobs = [...new Set(instances.map(({ job }) => job))];
  if (jobs.length === 0) return [];
  const enough = windowSecondsFor(lab) + 3 * lab.scrapeSeconds;
  const stored = await read.samples(
    `{__name__=~"${[...metrics, targetUp, scrapeDuration].join('|')}",job=~"${jobs.join('|')}"}`,
    Math.max(1, Math.min(enough, lab.now - inForceSince(lab))),
    lab.now,
  );
  return instances.map(({ instance, job, number }) => {
    const own = stored.filter(({ labels }) => labels.job === job && labels.instance === instance);
    const named = (name: string) => only(own.filter(({ labels }) => labels.__name__ === name));
    return {
      instance,
      job,
      number,
      series: own.filter(({ labels }) => metrics.includes(labels.__name__!)),
      up: named(targetUp),
      scrapeAt: scrapesIn(named(scrapeDuration)),
    };
  });
};

/**
 * The latest stretch in which each instance was scraped some times with the settings in force.
 * @returns the seconds until there is one where there is none yet
 */
export const latestStretch = (observed: readonly Observed[], lab: Lab): Stretch | { seconds: number } => {
  const windowSeconds = windowSecondsFor(lab);
  // What is older than the last scrape of a target is stored: its scrapes are stored in their order.
  const at = Math.min(...observed.map(({ up }) => up.at(-1)?.[0] ?? Number.NEGATIVE_INFINITY));
  const scrapes = observed.map(({ up }) => inWindow(up, at, windowSeconds).filter(([, value]) => value === 1).length);
  const since = inForceSince(lab);
  if (at - windowSeconds >= since && Math.min(...scrapes) >= fewestScrapes) return { at, windowSeconds };
  const first = Number.isFinite(at) ? lab.scrapeSeconds : discoverySeconds + lab.scrapeSeconds;
  const missing = Math.max(0, fewestScrapes - Math.min(...scrapes)) * lab.scrapeSeconds;
  return { seconds: Math.max(1, Math.ceil(Math.max(since + windowSeconds + first - lab.now, missing + 1))) };
};

/** What `/truth` tells of an instance about a stretch. */
export const truthAbout = (read: Reader, lab: Lab, { at, windowSeconds }: Stretch, instance: number): Promise<Truth> =>
  read.truth(at - windowSeconds - 1, Math.min(lab.now + 1, at + lab.scrapeSeconds + 1), { instance });

/** How many requests arrived at an instance in a stretch, by the second. */
export const requestsIn = ({ instants, requestsPerSecond }: Truth, { at, windowSeconds }: Stretch): number =>
  requestsPerSecond
    .filter((_, index) => instants[index]! >= Math.floor(at - windowSeconds) && instants[index]! < Math.floor(at))
    .reduce((sum, value) => sum + value, 0);

/** What a counter grew by from second to second, from what it shows at each of them. */
const growthOf = ({ instants }: Truth, totals: readonly number[]): HeldSignal => ({
  firstSecond: instants[0] ?? 0,
  values: totals.slice(1).map((value, index) => value - totals[index]!),
});

/** What a stored counter grew by between its first scrape in a stretch and its last, and what it can have grown by. */
export type Grown = { grown: number; least: number; most: number; isRight: boolean };

/** @param totals  what the counter shows at each instant of the truth */
export const grownIn = (
  { scrapeAt }: Observed,
  samples: readonly Sample[],
  truth: Truth,
  totals: readonly number[],
  { at, windowSeconds }: Stretch,
): Grown => {
  const inside = inWindow(samples, at, windowSeconds);
  const [first, last] = [inside[0], inside.at(-1)];
  if (first === undefined || last === undefined) return { grown: Number.NaN, least: 0, most: 0, isRight: false };
  const grown = growth(inside);
  const [least, most] = couldHaveGrown(growthOf(truth, totals), scrapeAt(first[0]), scrapeAt(last[0]));
  return { grown, least, most, isRight: grown >= least && grown <= most };
};
