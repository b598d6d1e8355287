import { instanceName } from './metrics.ts';
import type { Exercise, Expectation, Expected, Lab, Sample, Series } from './types.ts';
import { count, duration } from './words.ts';

/** How the instants are found at which an exercise is judged. */

/** An instant query looks this far back for a sample. */
const lookbackSeconds = 300;

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
  /** until when it is read; now unless told */
  until?: (lab: Lab) => number;
  /** every instant at which the samples say what is right */
  candidates: (series: Series[], lab: Lab) => (Expected & Extra)[];
  /** some of them; six whose values lie far apart unless told */
  choose?: (candidates: (Expected & Extra)[]) => Expected[];
  /** what keeps the lab from showing it at all; asked before anything is read */
  instead?: (lab: Lab) => Exclude<Expectation, { kind: 'known' }> | undefined;
  /** what is to be done where there are too few; a whole window is waited for unless told */
  otherwise?: (lab: Lab) => Exclude<Expectation, { kind: 'known' }>;
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
    const isOwn = ({ labels }: Series) => labels.instance === instanceName();
    const others = stored.filter((series) => !isOwn(series)).flatMap(({ samples }) => samples);
    // A query without a matcher would return the series of another instance, too.
    const isAlone = ({ at }: Expected) =>
      !others.some(([time]) => time > at - windowSeconds - lookbackSeconds && time <= at);
    const isWhole = ({ at }: Expected) => at - windowSeconds - 2 * lab.scrapeSeconds > until - readSeconds;
    const candidates = source.candidates(stored.filter(isOwn), lab);
    const instants = choose(candidates.filter((each) => isAlone(each) && isWhole(each)));
    return instants.length < fewest ? otherwise(lab) : { kind: 'known', instants };
  };

/** What to do where the exporter has too few cores for a task, or more than a judge should read. */
export const coreCountProblem =
  (least: number, most: number) =>
  ({ exporter }: Lab): (Expectation & { kind: 'elsewhere' }) | undefined => {
    if (exporter === undefined || (exporter.cores >= least && exporter.cores <= most)) return undefined;
    return { kind: 'elsewhere', reason: `the exporter has ${count(exporter.cores, 'core')}`, type: 'make up CORES=2' };
  };

/** What to do where a window holds too few samples at the scrape interval in force. */
export const tooFewSamples =
  (windowSeconds: number, least: number) =>
  ({ scrapeSeconds }: Lab): (Expectation & { kind: 'elsewhere' }) | undefined => {
    if (windowSeconds >= least * scrapeSeconds) return undefined;
    const reason = `${duration(windowSeconds)} hold fewer than ${least} samples at a scrape every ${duration(scrapeSeconds)}`;
    return { kind: 'elsewhere', reason, type: 'make up' };
  };

const moreSamples =
  <Extra>({ selector, windowSeconds = 0 }: Source<Extra>) =>
  ({ scrapeSeconds }: Lab): Expectation & { kind: 'wait' } => ({
    kind: 'wait',
    seconds: Math.max(scrapeSeconds, windowSeconds),
    reason: windowSeconds === 0 ? `samples of ${selector}` : `${duration(windowSeconds)} of samples of ${selector}`,
  });

/** More than these take long to compute, and mostly say no more. */
const enough = 400;

/**
 * Instants half-way between a sample and the next: on a sample, milliseconds would decide what a window holds.
 * @param gapSeconds  where the next sample is later than this, there is no instant
 * @param most        of more instants each second, third … is taken
 * @returns the instant, and the index of the sample before it
 */
export const midpoints = (
  samples: readonly Sample[],
  gapSeconds: number,
  most = enough,
): { at: number; index: number }[] => {
  const every = Math.ceil(samples.length / most);
  return samples.slice(1).flatMap(([next], index) => {
    const [at] = samples[index]!;
    if (index % every !== 0 || next - at > gapSeconds) return [];
    return [{ at: Math.round(500 * (at + next)) / 1000, index }];
  });
};

/** The longest time from one scrape to the next that is not a missing scrape. */
export const gapSeconds = ({ scrapeSeconds }: Lab): number => 1.5 * scrapeSeconds;

/** The value that stands for what is right: the middle of its range, of the first series; 1 where an alert is true. */
const middle = (expected: Expected): number => {
  if ('fires' in expected) return Number(expected.fires);
  const [low, high] = 'number' in expected ? expected.number : Object.values(expected.each)[0]!;
  return (low + high) / 2;
};

/**
 * Instants whose values lie as evenly as can be between the lowest and the highest.
 * @param key  what is to be spread
 */
export const spread = <Candidate>(
  candidates: readonly Candidate[],
  count = 6,
  key: (candidate: Candidate) => number = middle as never,
): Candidate[] => {
  const left = candidates.map((candidate) => ({ candidate, value: key(candidate) }));
  const values = left.map(({ value }) => value);
  const [lowest, highest] = [Math.min(...values), Math.max(...values)];
  const chosen: Candidate[] = [];
  for (let place = 0; place < count && left.length > 0; place += 1) {
    const wanted = lowest + ((highest - lowest) * place) / (count - 1);
    const distances = left.map(({ value }) => Math.abs(value - wanted));
    chosen.push(left.splice(distances.indexOf(Math.min(...distances)), 1)[0]!.candidate);
  }
  return chosen;
};

/** One scrape of a family: its values by a label. */
export type Row = { at: number; values: Record<string, number> };

/** Puts together what belongs to the same scrape; a scrape in which a series is missing is left out. */
export const rowsOf = (series: readonly Series[], label: string): Row[] => {
  const columns = series.map(({ labels, samples }) => ({ name: labels[label] ?? '', values: new Map(samples) }));
  return (series[0]?.samples ?? [])
    .filter(([at]) => columns.every(({ values }) => values.has(at)))
    .map(([at]) => ({ at, values: Object.fromEntries(columns.map(({ name, values }) => [name, values.get(at)!])) }));
};
