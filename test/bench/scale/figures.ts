import { median } from '../../support/quantile.ts';
import { fitLine, fitPlane } from './fit.ts';
import { type Cost, type Measurement, prometheusName, type Taking } from './measure.ts';

/** What people plan with, of one server. Bytes, and seconds of CPU or of time. */
export type Figures = {
  resident: { base: number; perSeries: number };
  /** in use after a garbage collection */
  heap: { base: number; perSeries: number };
  /** in use, for each further sample of a series */
  memoryPerSample: number;
  /** of the blocks; undefined where it had written none */
  disk: { perSeries: number; perSample: number } | undefined;
  /** of the log that comes before them; undefined where there is none */
  logPerSample: number | undefined;
  cpu: { base: number; perSample: number; perEvaluatedSeries: number };
  /** seconds that an answer takes */
  query: { base: number; perSeries: number; perSample: number };
};

/** The figures of one server, and how far they were measured. */
export type Fitted = { name: string; largest: number; figures: Figures };

/** Below this many series what is always there outweighs what is measured. */
const weighty = 10_000;

const canFit = (measured: readonly Measurement[]): boolean =>
  measured.length >= 2 && measured.some(({ series }) => series >= weighty);

/**
 * Prometheus first, then the backends; without those that were measured at fewer than two sizes, or at none that weighs.
 * @param bytesPerSample  of memory in use, by the server's name
 */
export const fittedTo = (measurements: readonly Measurement[], bytesPerSample: Record<string, number>): Fitted[] =>
  Object.entries(bytesPerSample).flatMap(([name, memoryPerSample]) => {
    const own = measurements.filter((each) => each.name === name);
    if (!canFit(own)) return [];
    return [{ name, largest: Math.max(...own.map(({ series }) => series)), figures: figuresOf(own, memoryPerSample) }];
  });

const figuresOf = (measured: readonly Measurement[], memoryPerSample: number): Figures => {
  const large = measured.filter(({ series }) => series >= weighty);
  const line = (figure: (cost: Cost) => number) => {
    const { base, slope } = fitLine(measured.map(({ series, cost }) => [series, figure(cost)] as const));
    return { base, perSeries: slope };
  };
  const cpu = fitLine(measured.map(({ cost }) => [cost.samplesPerSecond, cost.cpu] as const));
  const query = fitPlane(
    measured.flatMap(({ cost }) =>
      cost.queries.map(({ series, samples, milliseconds }) => [series, samples, milliseconds / 1_000] as const),
    ),
  );
  const logs = large.flatMap(({ cost: { log } }) => (log ? [log.bytes / log.samples] : []));
  return {
    resident: line(({ residentBytes }) => residentBytes),
    heap: line(({ heapBytes }) => heapBytes),
    memoryPerSample,
    disk: diskOf(large.filter(({ cost }) => cost.blocks.length > 0)),
    logPerSample: logs.length > 0 ? median(logs) : undefined,
    cpu: {
      base: cpu.base,
      perSample: cpu.slope,
      perEvaluatedSeries: median(large.map(({ cost }) => cost.cpuPerEvaluatedSeries)),
    },
    query: { base: query.base, perSeries: query.perX, perSample: query.perZ },
  };
};

const diskOf = (measured: readonly Measurement[]): Figures['disk'] => {
  if (measured.length === 0) return undefined;
  const perSample = median(
    measured.map(({ cost: { blocks } }) => {
      const [early, late] = [blocks[0]!, blocks.at(-1)!];
      return (late.bytes - early.bytes) / (late.samples - early.samples);
    }),
  );
  const perSeries = median(
    measured.map(({ series, cost: { blocks } }) => {
      const { bytes, samples } = blocks.at(-1)!;
      return (bytes - perSample * samples) / series;
    }),
  );
  return { perSeries, perSample };
};

/** What remote write to a backend takes of the Prometheus that sends: CPU seconds for each sample. */
export const sendingPerSample = (measurements: readonly Measurement[], backend: string): number =>
  median(
    measurements.flatMap(({ series, name, writing }) => {
      const alone = measurements.find((each) => each.name === prometheusName && each.series === series);
      if (name !== backend || series < weighty || !writing || !alone) return [];
      return [perSample(writing) - perSample(alone.cost)];
    }),
  );

const perSample = ({ cpu, samplesPerSecond }: Taking): number => cpu / samplesPerSecond;

/** A fleet to plan for. */
export type Plan = { series: number; scrapeSeconds: number; keptDays: number; evaluationSeconds: number };

export type Needs = {
  residentBytes: number;
  /** cores, all the time */
  cores: number;
  diskBytes: number;
  /** CPU time of one query that reads every series */
  queryCpuSeconds: number;
};

/** Prometheus keeps its log for up to three hours. */
const loggedSeconds = 3 * 3_600;

/** A chunk of Prometheus holds so many samples in memory before it is mapped from disk; the series had about ten. */
const furtherSamples = 110;

/** What a series takes once its chunk is full. */
export const fullSeriesBytes = ({ resident, memoryPerSample }: Figures): number =>
  resident.perSeries + furtherSamples * Math.max(0, memoryPerSample);

/** @param blocks  the figures of blocks of the same kind, where the server had written none itself */
export const needsOf = (figures: Figures, plan: Plan, blocks: Figures['disk']): Needs => {
  const { resident, cpu, disk = blocks ?? { perSeries: Number.NaN, perSample: Number.NaN } } = figures;
  const { series, scrapeSeconds, keptDays, evaluationSeconds } = plan;
  const samplesPerSecond = series / scrapeSeconds;
  const logged = (figures.logPerSample ?? 0) * loggedSeconds * samplesPerSecond;
  return {
    residentBytes: resident.base + fullSeriesBytes(figures) * series,
    cores: cpu.base + cpu.perSample * samplesPerSecond + (cpu.perEvaluatedSeries * series) / evaluationSeconds,
    diskBytes: disk.perSeries * series + disk.perSample * samplesPerSecond * keptDays * 86_400 + logged,
    queryCpuSeconds: cpu.perEvaluatedSeries * series,
  };
};

/** How many series a machine carries where half of its memory is left for queries, compaction and series that are new. */
export const seriesOn = (figures: Figures, memoryBytes: number): number =>
  Math.floor((memoryBytes / 2 - figures.resident.base) / fullSeriesBytes(figures));
