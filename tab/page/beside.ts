import { clock, compact } from '../../guide/page/words.ts';
import { type DrawnPicture, drawPicture } from '../../guide/src/picture.ts';
import { spikesPicture } from '../../lab/base/spikes.ts';
import type { Answer } from '../../lab/model/reader.ts';
import { withWindow } from './knobs.ts';
import type { Stage } from './stage.ts';

/** A second picture of the same truth, on the time axis of the first, and what a query says in both. */
export type Beside = {
  /** of the first and of the second picture */
  titles: [string, string];
  picture: DrawnPicture;
  query: string;
  /** what each series is there and here, in words; undefined where it is not in the answer */
  answers: { series: string; values: [string | undefined, string | undefined] }[];
};

/** More series are counted, and not written. */
const mostSeries = 4;

const isLookingBack = ({ now, reached }: Stage): boolean => now < reached - 0.5;

/** The time range of a picture: an earlier instant stands in its middle, so that what came after it has room. */
const frameOf = (stage: Stage, seconds: number): { from: number; to: number } => {
  const to = isLookingBack(stage) ? Math.min(stage.now + seconds / 2, stage.reached) : stage.now;
  return { from: to - seconds, to };
};

/**
 * A picture as it is known at an instant, in a time range that may end later.
 * @param until  unix seconds, within what has been simulated
 */
const pictureOf = async (
  stage: Stage,
  step: Stage['step'],
  { from, to }: { from: number; to: number },
  until: number,
): Promise<DrawnPicture> => {
  const read = stage.readForPicture(until);
  const sources = { read, lab: stage.lab(until), notifications: (await read.notifications()) ?? [] };
  const last = Math.min(to, until);
  const drawn = await drawPicture(step.picture ?? spikesPicture, sources, last, last - from);
  return { ...drawn, from, to, appliedAt: stage.step.command === step.command ? stage.applied.to : undefined };
};

/** The picture of a step at an earlier instant: what was known then, and room for what came after it. */
export const pictureThen = async (
  stage: Stage,
  step: Stage['step'],
  seconds: number,
): Promise<DrawnPicture | undefined> =>
  isLookingBack(stage) ? pictureOf(stage, step, frameOf(stage, seconds), stage.now) : undefined;

/**
 * The other stage where there is one, which is scraped at another interval; else, where an earlier instant is looked at,
 * what is known now; undefined where nothing is to be compared.
 */
export const besideOf = async (
  stage: Stage,
  other: Stage | undefined,
  seconds: number,
  query: string,
): Promise<Beside | undefined> => {
  if (other === undefined && !isLookingBack(stage)) return undefined;
  const second = other ?? stage;
  const until = other === undefined ? stage.reached : stage.now;
  const expr = withWindow(query, stage.knobs.windowSeconds);
  const [picture, first, then] = await Promise.all([
    pictureOf(second, stage.step, frameOf(stage, seconds), until),
    stage.read().ask(expr, stage.now),
    second.read(until).ask(expr, stage.now),
  ]);
  return {
    titles:
      other === undefined
        ? [`as known at ${clock(stage.now)}`, `as known now, at ${clock(stage.reached)}`]
        : [`scraped every ${stage.scrapeSeconds} s`, `scraped every ${other.scrapeSeconds} s`],
    picture,
    query: expr,
    answers: answersOf(first, then),
  };
};

const answersOf = (first: Answer, second: Answer): Beside['answers'] => {
  const [one, two] = [valuesOf(first), valuesOf(second)];
  const names = [...new Set([...one.keys(), ...two.keys()])];
  const rows = names.slice(0, mostSeries).map((series) => ({
    series,
    values: [one.get(series), two.get(series)] as [string | undefined, string | undefined],
  }));
  if (names.length <= mostSeries) return rows;
  return [...rows, { series: 'series in all', values: [String(one.size), String(two.size)] }];
};

const valuesOf = (answer: Answer): Map<string, string> => {
  if ('refused' in answer) return new Map([['', `refused: ${answer.refused}`]]);
  return new Map(
    answer.series.map(({ labels: { __name__ = '', ...labels }, samples }) => {
      const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
      const value = answer.type === 'matrix' ? `${samples.length} samples` : compact(samples.at(-1)?.[1] ?? Number.NaN);
      return [pairs.length > 0 ? `${__name__}{${pairs.join(', ')}}` : __name__, value];
    }),
  );
};
