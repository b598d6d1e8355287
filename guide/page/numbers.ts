import type { DrawnPicture } from '../src/picture.ts';
import { byId, element } from './dom.ts';
import { clock, seconds, withUnit } from './words.ts';

/** What the lesson is about, in two or three numbers; and what is not known. */
export const numbers = ({ numbers: shown, missing }: DrawnPicture) => [
  ...shown.flatMap(({ value, words, colour }, index) => {
    const number = element('strong', {}, value);
    if (colour !== undefined) number.style.setProperty('color', `var(--series-${colour})`);
    return [index > 0 ? ' · ' : '', number, ` ${words}`];
  }),
  ...missing.map((sentence, index) => `${shown.length + index > 0 ? ' · ' : ''}${sentence}`),
];

/** What every layer says at one instant. */
export const readout = (drawn: DrawnPicture | undefined, at: number | undefined, isPinned: boolean) => {
  const instant = isPinned ? 'pinned, Esc lets go: ' : '';
  byId('readout').textContent =
    drawn === undefined || at === undefined ? '' : [`${instant}${clock(at)} UTC`, ...layersAt(drawn, at)].join(' · ');
};

const layersAt = ({ layers, unit, rightUnit = unit }: DrawnPicture, at: number) =>
  layers.flatMap(({ name, kind, isRight, samples }) => {
    const last = samples?.findLast(([time]) => time <= at);
    if (last === undefined) return [];
    const value = withUnit(last[1], isRight ? rightUnit : unit);
    return [kind === 'samples' ? `${name} ${value}, ${seconds(at - last[0])} before` : `${name} ${value}`];
  });
