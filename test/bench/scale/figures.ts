import { median } from '../../support/quantile.ts';
import { fitLine, fitPlane } from './fit.ts';
import type { Cost, Size, Taking } from './measure.ts';

/** What people plan with, of one server. Bytes, and seconds of CPU or of time. */
export type Figures = {
  resident: { base: number; perSeries: number };
  /** in use after a garbage collection */
  heap: { base: number; perSeries: number };
  /** in use, for each further sample of a series */
  memoryPerSample: number;
  /** of the blocks */
  disk: { perSeries: number; perSample: number };
  /** of the log that comes before them; NaN where there is none */
  logPerSample: number;
  cpu: { base: number; perSample: number; perEvaluatedSeries: number };
  /** seconds that an answer takes */
  query: { base: number; perSeries: number; perSample: number };
};

/** Below this many series what is always there outweighs what is measured. */
const weighty = 10_000;

export const canFit = (sizes: readonly Size[]): boolean =>
  sizes.length >= 2 && sizes.some(({ series }) => series >= weighty);

type Sized = { series: number; cost: Cost };

export const figuresOf = (sized: readonly Sized[], memoryPerSample: number): Figures => {
  const large = sized.filter(({ series }) => series >= weighty);
  const line = (figure: (cost: Cost) => number) => {
    const { base, slope } = fitLine(sized.map(({ series, cost }) => [series, figure(cost)] as const));
    return { base, perSeries: slope };
  };
  const cpu = fitLine(sized.map(({ cost }) => [cost.samplesPerSecond, cost.cpu] as const));
  const diskPerSample = middle(large, ({ cost: { disk } }) => {
    const [early, late] = [disk[0]!, disk.at(-1)!];
    return (late.bytes - early.bytes) / (late.samples - early.samples);
  });
  const query = fitPlane(
    sized.flatMap(({ cost }) =>
      cost.queries.map(({ series, samples, milliseconds }) => [series, samples, milliseconds / 1_000] as const),
    ),
  );
  return {
    resident: line(({ residentBytes }) => residentBytes),
    heap: line(({ heapBytes }) => heapBytes),
    memoryPerSample,
    disk: {
      perSample: diskPerSample,
      perSeries: middle(large, ({ series, cost }) => {
        const { bytes, samples } = cost.disk.at(-1)!;
        return (bytes - diskPerSample * samples) / series;
      }),
    },
    logPerSample: middle(large, ({ cost }) => (cost.logBytes ?? Number.NaN) / cost.disk.at(-1)!.samples),
    cpu: {
      base: cpu.base,
      perSample: cpu.slope,
      perEvaluatedSeries: middle(large, ({ cost }) => cost.cpuPerEvaluatedSeries),
    },
    query: { base: query.base, perSeries: query.perX, perSample: query.perZ },
  };
};

const middle = (sized: readonly Sized[], figure: (each: Sized) => number): number => median(sized.map(figure));

export type BytesPerSample = { prometheus: number; engine?: number };

export const ofPrometheus = (sizes: readonly Size[], bytesPerSample: BytesPerSample): Figures =>
  figuresOf(
    sizes.map(({ series, prometheus }) => ({ series, cost: prometheus })),
    bytesPerSample.prometheus,
  );

/** undefined where no engine was measured at two sizes or more. */
export const ofEngine = (sizes: readonly Size[], bytesPerSample: BytesPerSample): Figures | undefined => {
  const sized = sizes.flatMap(({ series, engine }) => (engine === undefined ? [] : [{ series, cost: engine }]));
  return sized.length < 2 ? undefined : figuresOf(sized, bytesPerSample.engine ?? Number.NaN);
};

/** What remote write takes of the Prometheus that sends: CPU seconds for each sample. */
export const sendingPerSample = (sizes: readonly Size[]): number =>
  median(
    sizes
      .filter(({ series, writing }) => series >= weighty && writing !== undefined)
      .map(({ prometheus, writing }) => perSample(writing!) - perSample(prometheus)),
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
  resident.perSeries + furtherSamples * memoryPerSample;

export const needsOf = (figures: Figures, { series, scrapeSeconds, keptDays, evaluationSeconds }: Plan): Needs => {
  const { resident, cpu, disk } = figures;
  const samplesPerSecond = series / scrapeSeconds;
  const logged = Number.isNaN(figures.logPerSample) ? 0 : figures.logPerSample * loggedSeconds * samplesPerSecond;
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
