import { only } from '../../lab/evidence/samples.ts';
import type { Distribution, LayerColour } from '../../lab/model/distribution.ts';
import type { Lab, Truth } from '../../lab/model/lab.ts';
import { ofExporter, scrapeDuration, startTime, targetUp } from '../../lab/model/metrics.ts';
import type { Layer, Mark, Picture, PictureData, PictureNumber } from '../../lab/model/picture.ts';
import type { Notification, Reader } from '../../lab/model/reader.ts';
import type { Sample } from '../../lab/promql/sample.ts';
import { whereAnswered } from './answered.ts';
import { stepFor } from './ask/question.ts';

/** A layer with what was read for it; `samples` is undefined where its service does not answer. Times are unix seconds. */
export type DrawnLayer = {
  name: string;
  kind: Layer['kind'];
  colour: LayerColour;
  isRight: boolean;
  samples: readonly Sample[] | undefined;
};

/** A picture with all that the page draws of it. */
export type DrawnPicture = Pick<Picture, 'title' | 'unit' | 'rightUnit' | 'range' | 'line'> & {
  from: number;
  to: number;
  layers: DrawnLayer[];
  marks: Mark[];
  distribution?: Distribution;
  numbers: PictureNumber[];
  /** times of scrapes that failed: the series is stale from there on, and no line crosses them */
  failed: number[];
  /** starts of the exporter in the window: its counters begin again there */
  starts: number[];
  /** undefined where the exporter does not answer */
  startedAt: number | undefined;
  /** when the step was applied; undefined where it is not active, or that is not known */
  appliedAt: number | undefined;
  /** why something is missing, in words */
  missing: string[];
};

/** What a picture is read from. */
type PictureSources = {
  read: Reader;
  /** undefined where Prometheus does not answer */
  lab: Lab | undefined;
  notifications: readonly Notification[];
};

/** A slow scrape before the window: the line that a graph draws enters from there. */
const beforeSeconds = 60;

const colours: Record<Layer['kind'], LayerColour> = { truth: 1, samples: 2, query: 3 };

/** Reads what a picture needs; whatever service does not answer leaves its part out. */
export const drawPicture = async (
  picture: Picture,
  { read, lab, notifications }: PictureSources,
  now: number,
  seconds: number,
): Promise<DrawnPicture> => {
  const [from, to] = [now - seconds, now];
  const stepSeconds = stepFor(seconds);
  const last = Math.floor(to / stepSeconds) * stepSeconds;
  const samplesOf = async (selector: string): Promise<Sample[] | undefined> => {
    const series = await whereAnswered(read.samples(selector, seconds + beforeSeconds, now));
    return series && only(series);
  };
  const cores = Math.max(0, ...picture.layers.map((layer) => (layer.kind === 'truth' ? (layer.cores ?? 0) : 0)));
  const truths = new Map<number, Promise<Truth | undefined>>();
  const truthOf = (instance: number): Promise<Truth | undefined> => {
    const asked = truths.get(instance) ?? whereAnswered(read.truth(from - 1, to, { instance, cores }));
    truths.set(instance, asked);
    return asked;
  };
  const [truth, up, durations, starts] = await Promise.all([
    truthOf(1),
    samplesOf(ofExporter(targetUp)),
    samplesOf(ofExporter(scrapeDuration)),
    samplesOf(ofExporter(startTime)),
  ]);

  const samplesIn = async (layer: Layer): Promise<readonly Sample[] | undefined> => {
    if (layer.kind === 'truth') {
      const all = await Promise.all((layer.instances ?? [1]).map(truthOf));
      const [first, ...others] = all.filter((each) => each !== undefined);
      if (first === undefined || others.length + 1 < all.length) return undefined;
      return knownPart(first, layer.values(first, ...others));
    }
    if (layer.kind === 'samples') return samplesOf(layer.selector);
    const series = await whereAnswered(read.range(layer.expr, last - seconds, last, stepSeconds));
    return series && only(series);
  };
  const [samples, answers] = await Promise.all([
    Promise.all(picture.layers.map(samplesIn)),
    Promise.all(
      Object.entries(picture.reads ?? {}).map(
        async ([name, expr]) => [name, await whereAnswered(read.query(expr, now))] as const,
      ),
    ),
  ]);
  const answered = new Map(answers);

  const data: PictureData = {
    from,
    to,
    startedAt: truth?.startedAt,
    scrapeSeconds: lab?.scrapeSeconds,
    lab,
    truth,
    layer: (name) => samples[picture.layers.findIndex((layer) => layer.name === name)],
    read: (name) => answered.get(name),
    up,
    durations,
    notifications: notifications.filter(({ alertname }) => picture.notifiedBy?.includes(alertname)),
    stepSeconds,
  };
  const distribution = picture.distribution?.(data);
  const { title, unit, rightUnit, range, line } = picture;
  return {
    title,
    unit,
    ...(rightUnit && { rightUnit }),
    ...(range && { range }),
    ...(line && { line }),
    from,
    to,
    layers: picture.layers.flatMap(({ name, kind, colour = colours[kind], axis, isHidden }, index) =>
      isHidden ? [] : [{ name, kind, colour, isRight: axis === 'right', samples: samples[index] }],
    ),
    marks: picture.marks?.(data) ?? [],
    ...(distribution && { distribution }),
    numbers: picture.numbers(data),
    failed: (up ?? []).filter(([, value]) => value === 0).map(([at]) => at),
    starts: startsIn(starts ?? [], truth, from),
    startedAt: truth?.startedAt,
    appliedAt: undefined,
    missing: [
      ...(truth === undefined ? ['What really happens is not known: the exporter does not answer.'] : []),
      ...(up === undefined ? ['What is stored is not known: Prometheus does not answer.'] : []),
    ],
  };
};

/** The signal since the exporter started: before that it only says what would have been. */
const knownPart = ({ startedAt, instants }: Truth, values: readonly number[]): Sample[] =>
  instants.flatMap((second, index): Sample[] => {
    const value = values[index];
    return second < startedAt || value === undefined || Number.isNaN(value) ? [] : [[second, value]];
  });

/** Starts of the exporter that the stored samples show, and the one that it reports itself. */
const startsIn = (stored: readonly Sample[], truth: Truth | undefined, from: number): number[] => {
  const reported = [...stored.map(([, at]) => Math.round(at)), ...(truth === undefined ? [] : [truth.startedAt])];
  return [...new Set(reported)].filter((at) => at > from).sort((one, other) => one - other);
};
