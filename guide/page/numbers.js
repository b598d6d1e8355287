import { byId, element } from './dom.js';
import { clock, seconds, withUnit } from './words.js';

/** @typedef {import('../src/picture.ts').DrawnPicture} DrawnPicture */

/** What the lesson is about, in two or three numbers; and what is not known. @param {DrawnPicture} drawn */
export const numbers = ({ numbers: shown, missing }) => [
  ...shown.flatMap(({ value, words, colour }, index) => {
    const number = element('strong', {}, value);
    if (colour !== undefined) number.style.setProperty('color', `var(--series-${colour})`);
    return [index > 0 ? ' · ' : '', number, ` ${words}`];
  }),
  ...missing.map((sentence, index) => `${shown.length + index > 0 ? ' · ' : ''}${sentence}`),
];

/**
 * What every layer says at one instant.
 * @param {DrawnPicture | undefined} drawn @param {number | undefined} at @param {boolean} isPinned
 */
export const readout = (drawn, at, isPinned) => {
  const instant = isPinned ? 'pinned, Esc lets go: ' : '';
  byId('readout').textContent =
    drawn === undefined || at === undefined ? '' : [`${instant}${clock(at)} UTC`, ...layersAt(drawn, at)].join(' · ');
};

/** @param {DrawnPicture} drawn @param {number} at */
const layersAt = ({ layers, unit, rightUnit = unit }, at) =>
  layers.flatMap(({ name, kind, isRight, samples }) => {
    const last = samples?.findLast(([time]) => time <= at);
    if (last === undefined) return [];
    const value = withUnit(last[1], isRight ? rightUnit : unit);
    return [kind === 'samples' ? `${name} ${value}, ${seconds(at - last[0])} before` : `${name} ${value}`];
  });
