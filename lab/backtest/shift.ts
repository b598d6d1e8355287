import type { Series } from '../promql/sample.ts';

/**
 * A shift on call: half an hour that follows from a seed. Its seconds count from its begin; before it lie ten quiet
 * minutes, so that a window is full at once.
 */

/** Seconds of a shift during which rules are evaluated. */
export const shiftSeconds = 1_800;

/** Seconds before it of which samples are stored as well. */
export const leadSeconds = 600;

/** Every target is scraped at the same instants. */
export const scrapeSeconds = 5;

/** Every rule is evaluated this often, first so long after a scrape: whichever `interval` its group has. */
export const evaluationSeconds = 5;
export const evaluationOffset = 2;

/** From a page to the end of the damage. A shift is scaled: in life it would be minutes. */
export const reactionSeconds = 20;

/** Where a loss leads the learner: the slug of an experiment, such as `flapping`. */
export type Slug = string;

/** Something that happens in a shift. It does damage, or only looks like it. */
export type ShiftEvent = {
  /** in words that go on after "during", such as `a slow burn` */
  what: string;
  /** what it happens to, such as an instance; an alert whose labels say otherwise is about something else */
  labels: Readonly<Record<string, string>>;
  /** seconds of the shift */
  from: number;
  until: number;
  /** what is lost in each second from `from` on; empty where nothing is */
  damage: readonly number[];
  /** the experiment that shows why a rule goes wrong here */
  shownBy: Slug;
};

/** A series of a shift. `at` of its samples are seconds of the shift. */
export type ShiftSeries = Series & {
  /** when it ends, as Prometheus marks it: with the first scrape that it is missing from */
  staleAt: readonly number[];
};

export type Shift = {
  seed: number;
  series: readonly ShiftSeries[];
  /** in the order of time */
  events: readonly ShiftEvent[];
};

/** A rule to compare with. */
export type Reference = {
  name: string;
  expr: string;
  forSeconds?: number;
  keepFiringForSeconds?: number;
};

/** A world of shifts, and what an alert is for in it. */
export type Scenario = {
  name: string;
  title: string;
  /** what deserves a page, before anything is written */
  deserves: string;
  /** the metrics that a rule can ask */
  metrics: readonly string[];
  /** of the damage, such as `errors` */
  unit: string;
  /** an incident deserves a page where so much of its damage could be avoided */
  worth: number;
  references: readonly Reference[];
  shift: (seed: number) => Shift;
};

/** Numbers of a shift that follow each other, in [0, 1). */
export type Draw = () => number;

/** @returns a number in [least, most) */
export const within = (draw: Draw, least: number, most: number): number => least + (most - least) * draw();

/** @returns a whole number from least to most */
export const wholeWithin = (draw: Draw, least: number, most: number): number =>
  Math.floor(within(draw, least, most + 1));

/** The same things in an order that the seed chooses. */
export const shuffled = <T>(draw: Draw, things: readonly T[]): T[] => {
  const left = [...things];
  return things.map(() => left.splice(Math.floor(draw() * left.length), 1)[0]!);
};

/** The scrapes of a shift and of what is before it, seconds of the shift. */
export const scrapes: readonly number[] = Array.from(
  { length: (leadSeconds + shiftSeconds) / scrapeSeconds + 1 },
  (_, index) => index * scrapeSeconds - leadSeconds,
);

/** The evaluations of a shift, seconds of the shift. */
export const evaluations: readonly number[] = Array.from(
  { length: shiftSeconds / evaluationSeconds },
  (_, index) => index * evaluationSeconds + evaluationOffset,
);

/**
 * What scrapes store of a series.
 * @param value  undefined where the scrape does not have it: it failed, the target is not discovered, or the series is
 * not there yet
 */
export const scraped = (labels: Record<string, string>, value: (second: number) => number | undefined): ShiftSeries => {
  const samples: [number, number][] = [];
  const staleAt: number[] = [];
  let isThere = false;
  for (const at of scrapes) {
    const seen = value(at);
    if (seen !== undefined) samples.push([at, seen]);
    else if (isThere) staleAt.push(at);
    isThere = seen !== undefined;
  }
  return { labels, samples, staleAt };
};

/** @param events  that may have the second in them */
export const isDuring = ({ from, until }: Pick<ShiftEvent, 'from' | 'until'>, second: number): boolean =>
  second >= from && second < until;

/** An event that does no damage. */
export const harmless = (
  what: string,
  [from, until]: readonly [number, number],
  shownBy: Slug,
  labels: Readonly<Record<string, string>> = {},
): ShiftEvent => ({ what, labels, from, until, damage: [], shownBy });

/** What is lost from a second of the shift on; never less than nothing. */
export const damageFrom = ({ from, damage }: ShiftEvent, second: number): number => {
  const begin = Math.max(0, Math.ceil(second - from));
  return Math.max(
    0,
    damage.slice(begin).reduce((sum, each) => sum + each, 0),
  );
};

/** What the earliest page could avoid: one that goes out in the very second of the begin. */
export const avoidable = (event: ShiftEvent): number => damageFrom(event, event.from + reactionSeconds);

/** What a page could still avoid. @param at  seconds of the shift; before the begin there is nothing to be seen */
export const savedBy = (event: ShiftEvent, at: number): number =>
  at < event.from || at > event.until ? 0 : damageFrom(event, at + reactionSeconds);
