import { quoted } from '../../lab/settings/quoted.ts';

/** A wrong request; the message names the parameter and goes to the client as it is. */
export class RequestError extends Error {
  readonly status = 400;
}

/** A stretch of time to report, in unix seconds. */
export type Range = { from: number; to: number; step: number };

/** The most points that one answer may hold: 100 000 are a day of seconds and half a second of work. */
const pointLimit = 100_000;

const latest = 253_402_300_799;

/** A parsed query string: a value given twice is an array. */
export type Query = Record<string, unknown>;

/** @throws RequestError that names the first parameter that is not known */
export const refuseUnknown = (query: Query, known: readonly string[]): void => {
  const unknown = Object.keys(query).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new RequestError(`unknown parameter ${quoted(unknown)}: use ${known.join(', ')}`);
  }
};

/**
 * Reads how many cores to report, by default the first two.
 * @throws RequestError that names the parameter
 */
export const parseCores = ({ cores: text }: Query, available: number): number => {
  if (text === undefined) return Math.min(2, available);
  if (typeof text !== 'string' || !/^\d{1,6}$/.test(text) || Number(text) > available) {
    const got = quoted(text);
    throw new RequestError(`cores must be a whole number from 0 to ${available}, given once, got ${got}`);
  }
  return Number(text);
};

/**
 * Reads which instance of the fleet to report.
 * @returns its place among the known ones
 * @throws RequestError that names the parameter
 */
export const parseInstance = ({ instance }: Query, known: readonly string[], own: string): number => {
  const index = known.findIndex((name) => name === (instance ?? own));
  if (index >= 0) return index;
  throw new RequestError(`instance must be ${known.join(', ')}, given once, got ${quoted(instance)}`);
};

/**
 * Reads `from`, `to` and `step` of a query; by default the last minute, a point a second.
 * @param seriesCount  points per step
 * @throws RequestError that names the parameter
 */
export const parseRange = (query: Query, now: number, seriesCount: number, limit = pointLimit): Range => {
  const to = seconds(query, 'to', now);
  const from = seconds(query, 'from', to - 60);
  const step = seconds(query, 'step', 1);
  if (step <= 0) throw new RequestError(`step must be above 0 seconds, got ${step}`);
  if (to < from) throw new RequestError(`to (${to}) must not be before from (${from})`);
  const points = Math.max(to - from, (Math.floor((to - from) / step) + 1) * seriesCount);
  if (points > limit) {
    throw new RequestError(
      `the range from ${from} to ${to} at step ${step} holds ${Math.ceil(points)} points, ` +
        `the limit is ${limit}: ask for a shorter range or a longer step`,
    );
  }
  return { from, to, step };
};

/**
 * Refuses what has not happened yet: counting there from the start could take hours.
 * @throws RequestError that names the parameter
 */
export const inThePast = (range: Range, now: number): Range => {
  // Who asks about a sample of just now asks for as long as its scrape may take, a minute, and a second more at the
  // edge. And a clock that has just been set back is no mistake of the client's.
  if (range.to > now + 120) throw new RequestError(`to must not be after now (${Math.floor(now)}), got ${range.to}`);
  return range;
};

/**
 * Refuses what is more than an hour ahead: the signals are known for ever, but counting there could take hours.
 * @throws RequestError that names the parameter
 */
export const inReach = (range: Range, now: number): Range => {
  if (range.to > now + 3_600) {
    throw new RequestError(`to must not be over an hour after now (${Math.floor(now)}), got ${range.to}`);
  }
  return range;
};

/** @returns every instant of the range, the first at `from` */
export const instants = ({ from, to, step }: Range): number[] =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);

const seconds = (query: Record<string, unknown>, name: string, fallback: number): number => {
  const text = query[name];
  if (text === undefined) return fallback;
  const number = Number(text);
  if (typeof text !== 'string' || !/^\d{1,12}(\.\d{1,9})?$/.test(text) || number > latest) {
    throw new RequestError(`${name} must be a number of seconds from 0 to ${latest}, given once, got ${quoted(text)}`);
  }
  return number;
};
