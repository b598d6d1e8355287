import { highCpu } from '../../experiments/alerts.ts';
import { cpu, scrapeDuration, targetUp } from '../../experiments/metrics.ts';
import { only } from '../../experiments/samples.ts';
import { scrapesIn, secondsMet } from '../../experiments/seen.ts';
import type { Sample, Series, Truth } from '../../experiments/types.ts';

/** A rise over the threshold until the fall below it, unix seconds. */
type Spike = { from: number; to: number; seen: boolean };

/** What really happened against what Prometheus stored. Times are unix seconds. */
export type Chart = {
  from: number;
  to: number;
  threshold: number;
  /** one value per whole second, each held until the next; undefined where the exporter does not answer */
  truth: { startedAt: number; firstSecond: number; cpuPercent: number[] } | undefined;
  /** undefined where Prometheus does not answer */
  samples: Sample[] | undefined;
  /** times of scrapes that failed: no graph draws a line across them */
  gaps: number[];
  spikes: Spike[];
  happened: number;
  /** undefined where Prometheus does not answer */
  seen: number | undefined;
};

/** What the exporter tells; the first instant is the second before the chart begins, or earlier. */
export type TrueSignal = Pick<Truth, 'startedAt' | 'instants' | 'cpuPercent'>;

/**
 * The spikes that began after `from`, and whether a stored sample over the threshold met each.
 * @param signal     values held for one second each
 * @param samples    in the order of time; undefined where they are not known
 * @param durations  of the scrapes that the samples are of
 */
export const findSpikes = (
  { startedAt, instants, cpuPercent }: TrueSignal,
  samples: readonly Sample[] | undefined,
  from: number,
  durations: readonly Sample[] = [],
): Spike[] => {
  const spikes: Spike[] = [];
  instants.forEach((second, index) => {
    const isOver = cpuPercent[index]! > highCpu.thresholdPercent;
    const wasOver = index > 0 && cpuPercent[index - 1]! > highCpu.thresholdPercent;
    const current = spikes.at(-1);
    if (isOver && wasOver && current?.to === second) current.to = second + 1;
    if (isOver && !wasOver && index > 0 && second >= Math.max(from, startedAt)) {
      spikes.push({ from: second, to: second + 1, seen: false });
    }
  });
  const scrapeAt = scrapesIn(durations);
  for (const [at, value] of samples ?? []) {
    if (value <= highCpu.thresholdPercent) continue;
    const [first, last] = secondsMet(scrapeAt(at));
    const met = spikes.find((spike) => first < spike.to && last >= spike.from);
    if (met !== undefined) met.seen = true;
  }
  return spikes;
};

/**
 * Puts the picture together; whatever service does not answer leaves its part out.
 * @param series  of the gauge, of `up` and of the scrapes' durations, for the window and a little before it
 */
export const chart = (
  from: number,
  to: number,
  signal: TrueSignal | undefined,
  series: readonly Series[] | undefined,
): Chart => {
  const named = (name: string) => series && only(series.filter(({ labels }) => labels.__name__ === name));
  const samples = named(cpu);
  const spikes = signal === undefined ? [] : findSpikes(signal, samples, from, named(scrapeDuration));
  return {
    from,
    to,
    threshold: highCpu.thresholdPercent,
    truth: signal && knownPart(signal),
    samples,
    gaps: (named(targetUp) ?? []).filter(([, up]) => up === 0).map(([at]) => at),
    spikes,
    happened: spikes.length,
    seen: samples && spikes.filter(({ seen }) => seen).length,
  };
};

/** The signal since the exporter started: before that it only tells what would have been. */
const knownPart = ({ startedAt, instants, cpuPercent }: TrueSignal): Chart['truth'] => {
  const first = instants.findIndex((second) => second >= startedAt);
  if (first === -1) return { startedAt, firstSecond: startedAt, cpuPercent: [] };
  return { startedAt, firstSecond: instants[first]!, cpuPercent: cpuPercent.slice(first) };
};
