import type { Sample, Series } from '../promql/sample.ts';
import type { Distribution, LayerColour } from './distribution.ts';
import type { Lab, Truth } from './lab.ts';
import type { Unit } from './panel.ts';
import type { Notification } from './reader.ts';

/**
 * What the guide shows of a step on one axis of time, as data: what really happened, what Prometheus stored, what a
 * query says, and the two or three numbers that the lesson is about.
 */
export type Picture = {
  /** what the picture shows, without a full stop */
  title: string;
  unit: Unit;
  /** of the layers on the right axis, where there are any */
  rightUnit?: Unit;
  /** fixed left axis; else it follows the values */
  range?: readonly [lowest: number, highest: number];
  /** the stretch of time it opens with; two minutes by default */
  seconds?: 60 | 120 | 300 | 900 | 3600;
  /** in the order in which they are drawn */
  layers: readonly Layer[];
  /** a level that means something, drawn across */
  line?: { value: number; name: string };
  /** queries that give several series, by a name of their own: what they say now */
  reads?: Readonly<Record<string, string>>;
  /** alerts whose notifications its marks and numbers are about */
  notifiedBy?: readonly string[];
  /** how the values are spread now, drawn beside the time */
  distribution?: (data: PictureData) => Distribution | undefined;
  /** what is drawn beside the layers */
  marks?: (data: PictureData) => Mark[];
  numbers: (data: PictureData) => PictureNumber[];
};

/** A series of the picture; `name` stands in the legend. */
export type Layer = {
  name: string;
  /** 1, 2 and 3 by kind by default */
  colour?: LayerColour;
  axis?: 'right';
  /** it is only read, for marks and numbers */
  isHidden?: true;
} & (
  | {
      /** what really happened, held for a second at a time; NaN where nothing is known */
      kind: 'truth';
      /** of the instances in their order; the layer is left out where one of them does not answer */
      values: (truth: Truth, ...others: readonly Truth[]) => readonly number[];
      /** the first alone by default */
      instances?: readonly number[];
      /** how many cores of the instance are reported */
      cores?: number;
    }
  /** what Prometheus stored, with the times of the scrapes; the selector means one series */
  | { kind: 'samples'; selector: string }
  /** what a query that gives one series says at each step */
  | { kind: 'query'; expr: string }
);

export type Mark =
  /** a stretch that has a name */
  | { kind: 'band'; from: number; to: number; name: string; tone: 'warning' | 'alarm' | 'plain' }
  /** a stretch of the left axis that has a name */
  | { kind: 'zone'; low: number; high: number; name: string }
  /** something that happened at one instant */
  | { kind: 'moment'; at: number; name: string }
  /** an event along the top, and whether a sample met it */
  | { kind: 'tick'; at: number; isMet: boolean }
  /** how long something took, at a height of the left axis */
  | { kind: 'span'; from: number; to: number; value: number; name: string; colour: LayerColour };

/** A number over the picture and what it counts; `colour` is that of the layer it is read from. */
export type PictureNumber = { value: string; words: string; colour?: LayerColour };

/** What was read for a picture. Times are unix seconds; what a service did not answer is undefined. */
export type PictureData = {
  from: number;
  to: number;
  /** since when the exporter runs that answers: earlier nothing is known of what really happened */
  startedAt: number | undefined;
  scrapeSeconds: number | undefined;
  /** undefined where Prometheus does not answer */
  lab: Lab | undefined;
  truth: Truth | undefined;
  /** of a layer: from a little before the window; the truth's from its start on */
  layer: (name: string) => readonly Sample[] | undefined;
  /** what one of `reads` says now */
  read: (name: string) => readonly Series[] | undefined;
  /** samples of `up`, and of the scrapes' durations */
  up: readonly Sample[] | undefined;
  durations: readonly Sample[] | undefined;
  /** of the alerts in `notifiedBy` */
  notifications: readonly Notification[];
  /** between two values of a query */
  stepSeconds: number;
};

/** The samples of a layer inside the window. */
export const shownOf = ({ from, to, layer }: PictureData, name: string): readonly Sample[] =>
  (layer(name) ?? []).filter(([at]) => at >= from && at <= to);

/** The samples of a layer inside the window, since the exporter runs that answers. */
export const sinceStart = (data: PictureData, name: string): readonly Sample[] =>
  shownOf(data, name).filter(([at]) => at >= (data.startedAt ?? Number.POSITIVE_INFINITY));

/** The newest value of a layer; undefined where a query has none at its last step. */
export const newest = ({ layer, to, stepSeconds }: PictureData, name: string): number | undefined => {
  const last = layer(name)?.at(-1);
  return last !== undefined && last[0] > to - 2 * stepSeconds - 1 ? last[1] : undefined;
};

/** Stretches in which a query has a value at each step. */
export const stretches = ({ layer, stepSeconds }: PictureData, name: string): { from: number; to: number }[] => {
  const found: { from: number; to: number }[] = [];
  for (const [at] of layer(name) ?? []) {
    const current = found.at(-1);
    if (current !== undefined && at - current.to <= stepSeconds * 1.5) current.to = at;
    else found.push({ from: at, to: at });
  }
  return found;
};

/** Times of the scrapes in the window that failed. */
export const failedScrapes = ({ up, from, to }: PictureData): number[] =>
  (up ?? []).filter(([at, value]) => value === 0 && at >= from && at <= to).map(([at]) => at);

/** A number over a picture, where it is known: a service may not have answered, or a query may say nothing. */
export const numberOf = (
  value: number | undefined,
  write: (value: number) => string,
  words: string,
  colour?: LayerColour,
): PictureNumber[] => (value === undefined ? [] : [{ value: write(value), words, ...(colour && { colour }) }]);

/** A number of things over a picture. */
export const counted = (value: number, noun: string, colour?: LayerColour): PictureNumber => ({
  value: String(value),
  words: value === 1 ? noun : `${noun}s`,
  ...(colour && { colour }),
});
