/** Times are UTC everywhere in the lab, as in its checks and dashboards. */

/** @param {number} unixSeconds @returns {string} such as 14:05:10 */
export const clock = (unixSeconds) => new Date(unixSeconds * 1000).toISOString().slice(11, 19);

/** @param {number} unixSeconds @returns {string} such as 2026-11-23 14:05:10 UTC */
export const dateAndTime = (unixSeconds) =>
  `${new Date(unixSeconds * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** @param {number} value @returns {string} such as 3.4 s, 12 s */
export const seconds = (value) => `${value < 10 ? Number(value.toFixed(1)) : Math.round(value)} s`;

/** @param {number} value @param {string} noun @returns {string} */
export const count = (value, noun) => `${value} ${noun}${value === 1 ? '' : 's'}`;
