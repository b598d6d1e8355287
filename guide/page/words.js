/** Times are UTC everywhere in the lab, as in its checks and dashboards. */

/** @param {number} unixSeconds @returns {string} such as 14:05:10 */
export const clock = (unixSeconds) => new Date(unixSeconds * 1000).toISOString().slice(11, 19);

/** @param {number} unixSeconds @returns {string} such as 2026-11-23 14:05:10 UTC */
export const dateAndTime = (unixSeconds) =>
  `${new Date(unixSeconds * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** @param {number} unixSeconds @returns {string} such as 14:05:10.123 */
export const clockWithMilliseconds = (unixSeconds) =>
  new Date(Math.round(unixSeconds * 1000)).toISOString().slice(11, 23);

/** @param {number} value @param {number} digits @returns {string} such as 3.4 s, 12 s */
export const seconds = (value, digits = value < 10 ? 1 : 0) => `${Number(value.toFixed(digits))} s`;

/** What is written after a figure. @type {Record<import('../../lab/model/panel.ts').Unit, string>} */
export const unitSigns = {
  percent: ' %',
  ratio: '',
  'requests per second': '/s',
  seconds: ' s',
  count: '',
  state: '',
  spikes: '',
  bytes: ' B',
};

/** @param {number} value @param {import('../../lab/model/panel.ts').Unit} unit @returns {string} such as 51.5 %, 3.98/s */
export const withUnit = (value, unit) =>
  `${Number(value.toFixed(unit === 'requests per second' ? 2 : 1))}${unitSigns[unit]}`;

/** A number in the width of an axis. @param {number} value @returns {string} such as 0.25, 1 200, 120k, 3.4M */
export const compact = (value) => {
  const size = Math.abs(value);
  if (size >= 1e9 || (size > 0 && size < 1e-3)) return value.toExponential(1).replace('e+', 'e');
  if (size >= 1e6) return `${Number((value / 1e6).toPrecision(4))}M`;
  if (size >= 1e4) return `${Number((value / 1e3).toPrecision(4))}k`;
  return String(Number(value.toPrecision(4)));
};

/** @param {number} value @param {string} noun @param {string} plural @returns {string} */
export const count = (value, noun, plural = `${noun}s`) => `${value} ${value === 1 ? noun : plural}`;
