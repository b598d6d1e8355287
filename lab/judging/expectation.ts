import { only } from '../evidence/samples.ts';
import type { Exercise, Expectation, Expected, Range } from '../model/exercise.ts';
import { count, seconds } from '../model/format.ts';
import type { Lab } from '../model/lab.ts';
import { instanceName, job } from '../model/metrics.ts';
import type { Sample, Series } from '../promql/sample.ts';
import { lookbackSeconds } from '../promql/window.ts';
import { gapSeconds, midpoints, rowsOf, spread } from './instants.ts';

/** What is right, from the samples that Prometheus has stored. */

/** Fewer instants than this could be right by luck. */
const fewest = 3;

/** `Extra` is what the choice among the candidates goes by. */
export type Source<Extra = unknown> = {
  /** whose stored samples say what is right */
  selector: string;
  /** how much of the past is read */
  readSeconds: number;
  /** the longest window that the answer looks through, with its offset */
  windowSeconds?: number;
  /** until when it is read; now by default */
  until?: (lab: Lab) => number;
  /** every instant at which the samples say what is right */
  candidates: (series: Series[], lab: Lab) => (Expected & Extra)[];
  /** some of them; six whose values lie far apart by default */
  choose?: (candidates: (Expected & Extra)[]) => Expected[];
  /** what keeps the lab from showing it at all; asked before anything is read */
  instead?: (lab: Lab) => Exclude<Expectation, { kind: 'known' }> | undefined;
  /** what is to be done where there are too few; a whole window is waited for by default */
  otherwise?: (lab: Lab, stored: readonly Series[]) => Exclude<Expectation, { kind: 'known' }>;
};

/** Lets stored samples say what is right. */
export const fromStored =
  <Extra = unknown>(source: Source<Extra>): Exercise['expected'] =>
  async (read, lab) => {
    const { selector, readSeconds, windowSeconds = 0, choose = spread, otherwise = moreSamples(source) } = source;
    const problem = source.instead?.(lab);
    if (problem) return problem;
    const until = source.until?.(lab) ?? lab.now;
    const stored = await read.samples(selector, readSeconds, until);
    const isOwn = ({ labels }: Series) => labels.job === job && labels.instance === instanceName();
    const others = stored.filter((series) => !isOwn(series)).flatMap(({ samples }) => samples.map(([at]) => at));
    // A query without a matcher would return the series of another instance, too.
    const inSightSeconds = windowSeconds + lookbackSeconds;
    const isAlone = ({ at }: Expected) => !others.some((time) => time > at - inSightSeconds && time <= at);
    const isWhole = ({ at }: Expected) => at - windowSeconds - 2 * lab.scrapeSeconds > until - readSeconds;
    const candidates = source.candidates(stored.filter(isOwn), lab).filter(isWhole);
    const instants = choose(candidates.filter(isAlone));
    if (instants.length >= fewest) return { kind: 'known', instants };
    if (choose(candidates).length < fewest) return otherwise(lab, stored.filter(isOwn));
    const last = others.reduce((latest, time) => Math.max(latest, time), 0);
    const wait = Math.max(lab.scrapeSeconds, last + inSightSeconds + fewest * lab.scrapeSeconds - lab.now);
    return { kind: 'wait', seconds: wait, reason: 'the other instances of the exporter to be out of sight' };
  };

/** What to do where the exporter has too few cores for a task, or more than a judge should read. */
export const coreCountProblem =
  (least: number, most: number) =>
  ({ exporter }: Lab): (Expectation & { kind: 'elsewhere' }) | undefined => {
    if (exporter === undefined || (exporter.cores >= least && exporter.cores <= most)) return undefined;
    return { kind: 'elsewhere', reason: `the exporter has ${count(exporter.cores, 'core')}`, type: 'make up CORES=2' };
  };

/**
 * What to do where a window holds too few samples at the current scrape interval.
 * @param type  the command that mends that
 */
export const tooFewSamples =
  (windowSeconds: number, least: number, type = 'make up') =>
  ({ scrapeSeconds }: Lab): (Expectation & { kind: 'elsewhere' }) | undefined => {
    if (windowSeconds >= least * scrapeSeconds) return undefined;
    const reason = `${seconds(windowSeconds)} hold fewer than ${least} samples at a scrape every ${seconds(scrapeSeconds)}`;
    return { kind: 'elsewhere', reason, type };
  };

const moreSamples =
  <Extra>({ selector, windowSeconds = 0 }: Source<Extra>) =>
  ({ now, scrapeSeconds }: Lab, stored: readonly Series[]): Expectation & { kind: 'wait' } => ({
    kind: 'wait',
    seconds: Math.max(scrapeSeconds, untilEnough(stored, windowSeconds, scrapeSeconds, now)),
    reason: windowSeconds === 0 ? `samples of ${selector}` : `${seconds(windowSeconds)} of samples of ${selector}`,
  });

/**
 * Where it is only that the samples are young: until a whole window lies before the first instant, with a scrape at its
 * beginning and one at its end. Where that is so already, samples are missing in between, and a whole window comes anew.
 */
const untilEnough = (stored: readonly Series[], windowSeconds: number, scrapeSeconds: number, now: number): number => {
  const [first] = stored.flatMap(({ samples }) => samples.slice(0, 1));
  const left = first === undefined ? 0 : first[0] + windowSeconds + (2 + fewest) * scrapeSeconds - now;
  return left > 0 ? Math.min(left, windowSeconds) : windowSeconds;
};

/** Of one series: what is right half-way between each two samples; undefined where the samples do not say. */
export const betweenSamples =
  (right: (samples: readonly Sample[], at: number, lab: Lab) => Range | undefined): Source['candidates'] =>
  (series, lab) => {
    const samples = only(series);
    return midpoints(samples, gapSeconds(lab)).flatMap(({ at }) => {
      const number = right(samples, at, lab);
      return number ? [{ at, number }] : [];
    });
  };

/** Of a family: what follows from the values of one scrape, until the next. */
export const perScrape =
  (label: string, figure: (values: number[]) => number): Source['candidates'] =>
  (series, lab) => {
    const rows = rowsOf(series, label);
    const times = rows.map(({ at }): Sample => [at, 0]);
    return midpoints(times, gapSeconds(lab)).map(({ at, index }) => {
      const value = figure(Object.values(rows[index]!.values));
      return { at, number: [value, value] };
    });
  };
