import type { Unit } from '../../lab/model/panel.ts';
/** Times are UTC everywhere in the lab, as in its checks and dashboards. */

/** @returns such as 14:05:10 */
export const clock = (unixSeconds: number): string => new Date(unixSeconds * 1000).toISOString().slice(11, 19);

/** @returns such as 2026-11-23 14:05:10 UTC */
export const dateAndTime = (unixSeconds: number): string =>
  `${new Date(unixSeconds * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** @returns such as 14:05:10.123 */
export const clockWithMilliseconds = (unixSeconds: number): string =>
  new Date(Math.round(unixSeconds * 1000)).toISOString().slice(11, 23);

/** @returns such as 3.4 s, 12 s */
export const seconds = (value: number, digits: number = value < 10 ? 1 : 0): string =>
  `${Number(value.toFixed(digits))} s`;

/** What is written after a figure. */
export const unitSigns: Record<Unit, string> = {
  percent: ' %',
  ratio: '',
  'requests per second': '/s',
  seconds: ' s',
  count: '',
  state: '',
  spikes: '',
  bytes: ' B',
  'per second': '/s',
  celsius: ' °C',
  cores: ' cores',
};

/** @returns such as 51.5 %, 3.98/s */
export const withUnit = (value: number, unit: Unit): string =>
  `${Number(value.toFixed(unit === 'requests per second' ? 2 : 1))}${unitSigns[unit]}`;

/** A number in the width of an axis. @returns such as 0.25, 1 200, 120k, 3.4M */
export const compact = (value: number): string => {
  const size = Math.abs(value);
  if (size >= 1e9 || (size > 0 && size < 1e-3)) return value.toExponential(1).replace('e+', 'e');
  if (size >= 1e6) return `${Number((value / 1e6).toPrecision(4))}M`;
  if (size >= 1e4) return `${Number((value / 1e3).toPrecision(4))}k`;
  return String(Number(value.toPrecision(4)));
};

export const count = (value: number, noun: string, plural: string = `${noun}s`): string =>
  `${value} ${value === 1 ? noun : plural}`;
