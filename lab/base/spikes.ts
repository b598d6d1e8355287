import { scrapesIn, secondsMet } from '../evidence/scrape.ts';
import { highCpu } from '../model/alerts.ts';
import { count, seconds } from '../model/format.ts';
import { cpu, ofExporter } from '../model/metrics.ts';
import { type Mark, type Picture, type PictureData, sinceStart } from '../model/picture.ts';
import type { Sample } from '../promql/sample.ts';

/** A rise over the threshold until the fall below it, unix seconds. */
type Spike = { from: number; to: number; isMet: boolean };

const truth = 'true CPU';
const stored = 'stored samples';

/**
 * The spikes that began in the window, and whether a stored sample over the threshold met each.
 * @param signal     values held for one second each, from the second before the window on
 * @param durations  of the scrapes that the samples are of
 */
export const findSpikes = (
  signal: readonly Sample[],
  samples: readonly Sample[],
  durations: readonly Sample[],
  from: number,
): Spike[] => {
  const spikes: Spike[] = [];
  signal.forEach(([second, value], index) => {
    const before = signal[index - 1];
    const isOver = value > highCpu.thresholdPercent;
    const wasOver = before !== undefined && before[1] > highCpu.thresholdPercent;
    const current = spikes.at(-1);
    if (isOver && wasOver && current?.to === second) current.to = second + 1;
    if (isOver && !wasOver && before !== undefined && second >= from) {
      spikes.push({ from: second, to: second + 1, isMet: false });
    }
  });
  const scrapeAt = scrapesIn(durations);
  for (const [at, value] of samples) {
    if (value <= highCpu.thresholdPercent) continue;
    const [first, last] = secondsMet(scrapeAt(at));
    const met = spikes.find((spike) => first < spike.to && last >= spike.from);
    if (met !== undefined) met.isMet = true;
  }
  return spikes;
};

const spikesOf = (data: PictureData): Spike[] => {
  const { layer, durations, from, startedAt = from } = data;
  return findSpikes(layer(truth) ?? [], layer(stored) ?? [], durations ?? [], Math.max(from, startedAt));
};

/** The truth, the samples, and which spike a sample met: the picture of the base lab and of sampling. */
export const spikesPicture: Picture = {
  title: 'What really happened, against what Prometheus stored',
  unit: 'percent',
  range: [0, 100],
  layers: [
    { kind: 'truth', name: truth, values: ({ cpuPercent }) => cpuPercent },
    { kind: 'samples', name: stored, selector: ofExporter(cpu) },
  ],
  line: { value: highCpu.thresholdPercent, name: `${highCpu.thresholdPercent} %` },
  marks: (data) =>
    spikesOf(data).map(
      ({ from, to, isMet }): Mark => ({ kind: 'tick', at: (from + Math.min(to, data.to)) / 2, isMet }),
    ),
  numbers: (data) => {
    if (data.truth === undefined) return [];
    const spikes = spikesOf(data);
    const happened = {
      value: String(spikes.length),
      words: `${nounOf(spikes.length)} over ${highCpu.thresholdPercent} %`,
      colour: 1 as const,
    };
    if (data.layer(stored) === undefined) return [happened];
    const met = spikes.filter(({ isMet }) => isMet).length;
    const samples = sinceStart(data, stored).length;
    const span = seconds(data.to - Math.max(data.from, data.startedAt ?? data.from));
    return [happened, { value: String(met), words: `met by one of ${count(samples, 'sample')} in ${span}`, colour: 2 }];
  },
};

const nounOf = (spikes: number): string => (spikes === 1 ? 'spike' : 'spikes');
