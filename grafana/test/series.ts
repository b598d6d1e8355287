import type { Panel } from '../../lab/model/panel.ts';
import { cellPadding, valueWidth } from '../src/panels/table.ts';
import { timelineHeight } from '../src/panels/timeline.ts';
import { contentRoom, legendHeight, legendRoom } from '../src/room.ts';
import { textWidth } from '../src/width.ts';
import type { Answered } from './answers.ts';

/** Beside a name in a legend, px: its mark, the gaps around that. Names are written at 12 px. */
const besideName = 14 + 8 + 10;
const nameWidth = (name: string): number => (12 / 14) * textWidth(name);
/** "Last *: " and a value of six characters. */
const lastValueWidth = 100;

/** What is left of a timeline's width for names beside its rows. */
const nameShare = 0.5;

const listed = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');

const repeated = (names: readonly string[]): string[] => [
  ...new Set(names.filter((name, index) => names.indexOf(name) !== index)),
];

/** How many rows these names take in a legend of this width. */
const rowsOf = (names: readonly string[], width: number, more: number): number => {
  let rows = 1;
  let used = 0;
  for (const name of names) {
    const needed = besideName + nameWidth(name) + more;
    if (used > 0 && used + needed > width) {
      rows += 1;
      used = 0;
    }
    used += needed;
  }
  return rows;
};

/**
 * What a reader of a picture with these series would not see, a sentence each.
 * @param mayBeEmpty  the state is one in which nobody reports what it shows
 */
export const seriesMisfits = (panel: Panel, series: readonly Answered[], mayBeEmpty = false): string[] => {
  const { title, kind, names: states, rows } = panel;
  const { width, height } = contentRoom(panel);
  const complaints: string[] = [];
  const complain = (words: string): void => void complaints.push(`"${title}": ${words}`);
  const names = series.map(({ name }) => name);
  const isNamed = kind === 'timeseries' || kind === 'timeline' || (kind === 'stat' && panel.targets.length > 1);

  if (series.length === 0 && !mayBeEmpty) complain('no series at all: Grafana would say that there is no data');
  if (isNamed && names.some((name) => /^\W*$/.test(name))) complain('a series has no name');
  if (isNamed)
    for (const name of repeated(names))
      complain(`${names.filter((one) => one === name).length} series are called "${name}"`);

  if (kind === 'table' && rows !== undefined && series.length > rows)
    complain(`${series.length} series, and its table has room for ${rows} rows`);

  if (kind === 'table') {
    const cell = width - valueWidth - cellPadding;
    const long = names.filter((name) => textWidth(name) > cell);
    if (long.length > 0) complain(`wider than a cell of ${Math.floor(cell)} px: ${listed(long)}`);
  }
  if (kind === 'timeseries' && series.length > 1) {
    const needed = legendHeight(rowsOf(names, width, panel.lastValue ? lastValueWidth : 0));
    const room = legendRoom(panel);
    if (needed > room)
      complain(`its legend of ${names.length} names takes ${Math.ceil(needed)} px of ${Math.floor(room)}, and scrolls`);
  }
  if (kind === 'timeline') {
    const needed = timelineHeight(series.length);
    if (needed > height)
      complain(
        `${series.length} rows take ${Math.ceil(needed)} px of ${Math.floor(height)}: their names lie on each other`,
      );
    const long = names.filter((name) => nameWidth(name) > nameShare * width);
    if (long.length > 0) complain(`the names of its rows take most of its width: ${listed(long)}`);
    const unnamed = [...new Set(series.flatMap(({ values = [] }) => values))].filter(
      (value) => !(value in (states ?? {})),
    );
    if (unnamed.length > 0) complain(`states without a name: ${unnamed.join(', ')}`);
  }
  for (const [index, { covers = [], name }] of series.entries()) {
    const hidden = covers.filter((place) => widthOf(panel, series[place]!) <= widthOf(panel, series[index]!));
    if (hidden.length > 0)
      complain(
        `"${name}" hides ${listed(hidden.map((place) => series[place]!.name))}: an equal line below is to be wider`,
      );
  }
  return complaints;
};

/** How wide a line or its points are, px, as grafana/src/panels/timeseries.ts draws them. */
const widthOf = ({ targets }: Panel, { query }: Answered): number => {
  const { style } = targets[query]!;
  return style === 'wide' ? 7 : style === 'points' ? 6 : 2;
};
