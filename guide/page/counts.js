import { byId, element } from './dom.js';
import { clock, count, seconds } from './words.js';

/** @typedef {import('../src/chart.ts').Chart} Chart */

/**
 * How many spikes there were, and how many a stored sample met.
 * @param {Chart} chart @param {number | undefined} stored  samples in the same time
 */
export const counts = ({ truth, threshold, happened, seen, from, to }, stored) => {
  if (truth === undefined) return ['What happened is not known: the exporter does not answer.'];
  const since = truth.startedAt > from ? `since the exporter started, ${seconds(to - truth.startedAt)} ago` : '';
  const samples = stored === undefined ? '' : met(stored, seen ?? 0);
  return [
    element('strong.happened', {}, String(happened)),
    ` spike${happened === 1 ? '' : 's'} over ${threshold} % happened, `,
    ...(seen === undefined ? ['what was seen is not known'] : [element('strong.seen', {}, String(seen)), ' seen, ']),
    element('span.quiet', {}, [samples, since].filter(Boolean).join(' ')),
  ];
};

/** @param {number} stored @param {number} seen */
const met = (stored, seen) => {
  if (stored === 0) return 'for no sample is stored yet';
  return seen === 0
    ? `met by none of ${count(stored, 'stored sample')}`
    : `met by one of ${count(stored, 'stored sample')}`;
};

/** What stood where the pointer is. @param {Chart | undefined} chart @param {number | undefined} at */
export const readout = (chart, at) => {
  const shown = byId('readout');
  if (chart === undefined || at === undefined) {
    shown.textContent = '';
    return;
  }
  const really = chart.truth?.cpuPercent[Math.floor(at) - chart.truth.firstSecond];
  const last = chart.samples?.findLast(([time]) => time <= at);
  shown.textContent = [
    `${clock(at)} UTC`,
    really === undefined ? undefined : `true CPU ${really} %`,
    last && `last sample ${last[1]} %, ${seconds(at - last[0])} before`,
  ]
    .filter((part) => part !== undefined)
    .join(' · ');
};
