import type { Panel } from '../../lab/model/panel.ts';
import { flow } from '../src/flow.ts';
import { columns } from '../src/grid.ts';
import { tableHeight } from '../src/panels/table.ts';
import { timelineHeight } from '../src/panels/timeline.ts';
import { contentRoom, titleRoom } from '../src/room.ts';
import { textWidth } from '../src/width.ts';

/** What of a panel does not fit into it: a sentence each that says by how much. */
export const misfits = ({ title, description, kind, targets, rows, names, ...size }: Panel): string[] => {
  const complaints: string[] = [];
  const tooMany = (what: string, needed: number, room: number): void => {
    if (needed <= room) return;
    complaints.push(
      `"${title}": ${what} ${Math.ceil(needed)} px, and its panel of ${size.width} × ${size.height} has room for ${Math.floor(room)}: ${Math.ceil(needed - room)} too many`,
    );
  };
  const { height } = contentRoom(size);
  tooMany('the title takes', textWidth(title, 'medium'), titleRoom(size.width, description !== undefined));
  if (kind === 'timeline') {
    tooMany(`a row for each of the ${targets.length} queries takes`, timelineHeight(targets.length), height);
    if (names === undefined) complaints.push(`"${title}": a timeline says what its states are called`);
  }
  if (kind === 'table' && rows === undefined) complaints.push(`"${title}": a table says how many rows it has at most`);
  if (kind === 'table' && rows !== undefined) tooMany(`${rows} rows take`, tableHeight(rows), height);
  return complaints;
};

/** Left for how to read a query, beside the longest one, px. */
const readingRoom = 200;

/** What a text over the full width does not have room for: a run of code never wraps, and the rest has to. */
export const overflows = (markdown: string): string[] => {
  const room = contentRoom({ width: columns, height: 1 }).width;
  const most = markdown.startsWith('|') ? room - readingRoom : room;
  const { width } = flow(markdown, room);
  return width <= most
    ? []
    : [
        `"${markdown.slice(0, 60)}…": its longest words take ${Math.ceil(width)} px of ${room}: ${Math.ceil(width - most)} too many`,
      ];
};
