import { element } from './dom.js';

/** @typedef {import('../src/picture.ts').DrawnPicture} DrawnPicture */

/** What is drawn, and how it is told apart without its colour. @param {DrawnPicture} drawn */
export const legend = ({ layers, marks, distribution, failed, starts, from }) => {
  const hasTicks = marks.some(({ kind }) => kind === 'tick');
  const bands = new Map(marks.flatMap((mark) => (mark.kind === 'band' ? [[mark.name, mark.tone]] : [])));
  return [
    ...layers.map(({ name, kind, colour }) => item(kind, name, `var(--series-${colour})`)),
    ...[...bands].map(([name, tone]) => item(`band.${tone}`, name, toneColours[tone])),
    ...(distribution ? [item('columns', 'share of the requests in each bucket', 'var(--quiet)')] : []),
    ...(hasTicks ? [item('missed', 'spike no sample met', 'var(--missed)')] : []),
    ...(failed.some((at) => at >= from) ? [item('failed', 'failed scrape', 'var(--bad)')] : []),
    ...(starts.length > 0 ? [item('start', 'exporter started', 'var(--quiet)')] : []),
  ];
};

/** What a stretch with a name is filled with. */
export const toneColours = { warning: 'var(--warn-line)', alarm: 'var(--bad)', plain: 'var(--quiet)' };

/** @param {string} kind @param {string} name @param {string} colour */
const item = (kind, name, colour) => {
  const made = element(`li.${kind}`, {}, name);
  made.style.setProperty('--own', colour);
  return made;
};
