import type { DrawnPicture } from '../src/picture.ts';
import { element } from './dom.ts';

/** What is drawn, and how it is distinguished without its colour. */
export const legend = ({ layers, marks, distribution, failed, starts, from }: DrawnPicture) => {
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

const item = (kind: string, name: string, colour: string) => {
  const made = element(`li.${kind}`, {}, name);
  made.style.setProperty('--own', colour);
  return made;
};
