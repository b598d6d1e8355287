import type Plot from 'uplot';
import type { Mark } from '../../lab/model/picture.ts';
import type { DrawnPicture } from '../src/picture.ts';

type Band = Extract<Mark, { kind: 'band' }>;

/** What lies under the lines: stretches that have a name, and the level that means something. */
export const drawUnder = (
  plot: Plot,
  drawn: DrawnPicture | undefined,
  colours: Record<string, string>,
  font: string,
) => {
  if (drawn === undefined) return;
  const { ctx, bbox, valToPos } = plot;
  const unit = devicePixelRatio;
  ctx.save();
  ctx.font = scaled(font);
  for (const mark of drawn.marks) {
    if (mark.kind === 'band') band(plot, mark, drawn, colours);
    if (mark.kind === 'zone') zone(plot, mark, colours);
  }
  const bands = drawn.marks.filter((mark) => mark.kind === 'band');
  for (const mark of bands) if (isAlone(mark, bands)) bandName(plot, mark, drawn, colours);
  if (drawn.line !== undefined) {
    const y = Math.round(valToPos(drawn.line.value, 'y', true));
    ctx.strokeStyle = colours.missed ?? '';
    ctx.fillStyle = colours.missed ?? '';
    ctx.lineWidth = unit;
    ctx.setLineDash([5 * unit, 4 * unit]);
    line(ctx, bbox.left, y, bbox.left + bbox.width, y);
    ctx.textAlign = 'left';
    ctx.textBaseline = 'middle';
    ctx.fillText(drawn.line.name, bbox.left + bbox.width + 5 * unit, y);
  }
  ctx.restore();
};

/** What lies over them. */
export const drawOver = (
  plot: Plot,
  drawn: DrawnPicture | undefined,
  colours: Record<string, string>,
  font: string,
) => {
  if (drawn === undefined) return;
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.font = scaled(font);
  const ticks = drawn.marks.filter((mark) => mark.kind === 'tick');
  if (ticks.length > 0) {
    ctx.fillStyle = colours.quiet ?? '';
    ctx.textBaseline = 'middle';
    ctx.textAlign = 'right';
    ctx.fillText('spikes', bbox.left - 6 * devicePixelRatio, bbox.top - 13 * devicePixelRatio);
  }
  for (const mark of ticks) tick(plot, mark, colours);
  for (const at of drawn.starts) upright(plot, at, '', colours.quiet ?? '', [2, 3], 0);
  const moments = drawn.marks.filter((mark) => mark.kind === 'moment');
  for (const [index, { at, name }] of moments.entries()) upright(plot, at, name, colours.text ?? '', [], index % 3);
  for (const mark of drawn.marks) if (mark.kind === 'span') span(plot, mark, colours);
  for (const at of drawn.failed) if (at >= drawn.from) cross(plot, at, colours.bad ?? '');
  if (drawn.appliedAt !== undefined && drawn.appliedAt > drawn.from) earlier(plot, drawn.appliedAt, colours);
  ctx.restore();
};

const band = (
  { ctx, bbox, valToPos }: Plot,
  { from, to, tone }: Band,
  drawn: DrawnPicture,
  colours: Record<string, string>,
) => {
  const [left, right] = [Math.max(from, drawn.from), Math.min(to, drawn.to)].map((at) => valToPos(at, 'x', true));
  if (left === undefined || right === undefined || right <= left) return;
  const colour = { warning: colours['warn-line'], alarm: colours.bad, plain: colours.quiet }[tone] ?? '';
  ctx.fillStyle = `${colour}2e`;
  if (tone === 'warning') hatch(ctx, left, right, bbox, colour);
  else ctx.fillRect(left, bbox.top, right - left, bbox.height);
};

/** Whether no other stretch lies over it: there its name would stand in the way. */
const isAlone = (mark: Band, bands: Band[]) =>
  bands.every((other) => other === mark || other.to <= mark.from || other.from >= mark.to);

/** Its name, where there is room for it. */
const bandName = (
  { ctx, bbox, valToPos }: Plot,
  { from, to, name }: Band,
  drawn: DrawnPicture,
  colours: Record<string, string>,
) => {
  const unit = devicePixelRatio;
  const [left, right] = [valToPos(Math.max(from, drawn.from), 'x', true), valToPos(Math.min(to, drawn.to), 'x', true)];
  ctx.fillStyle = colours.text ?? '';
  ctx.textAlign = 'left';
  ctx.textBaseline = 'top';
  if (ctx.measureText(name).width + 8 * unit < right - left) ctx.fillText(name, left + 4 * unit, bbox.top + 4 * unit);
};

const zone = (
  { ctx, bbox, valToPos }: Plot,
  { low, high, name }: Extract<Mark, { kind: 'zone' }>,
  colours: Record<string, string>,
) => {
  const unit = devicePixelRatio;
  const [top, bottom] = [valToPos(high, 'y', true), valToPos(low, 'y', true)];
  ctx.fillStyle = `${colours.quiet ?? ''}22`;
  ctx.fillRect(bbox.left, top, bbox.width, bottom - top);
  ctx.fillStyle = colours.text ?? '';
  ctx.textAlign = 'left';
  ctx.textBaseline = 'middle';
  ctx.fillText(name, bbox.left + 6 * unit, (top + bottom) / 2);
};

/** Slanted lines, which are distinguished from an area without its colour. */
const hatch = (
  ctx: CanvasRenderingContext2D,
  left: number,
  right: number,
  { top, height }: Plot['bbox'],
  colour: string,
) => {
  const unit = devicePixelRatio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, right - left, height);
  ctx.clip();
  ctx.strokeStyle = `${colour}99`;
  ctx.lineWidth = unit;
  // Bound to the plot and not to the stretch: the lines stand still while it grows.
  const gap = 7 * unit;
  for (let x = Math.floor((left - height) / gap) * gap; x < right; x += gap)
    line(ctx, x, top + height, x + height, top);
  ctx.restore();
};

/** A dot where a sample met it, a stroke where none did. */
const tick = (
  { ctx, bbox, valToPos }: Plot,
  { at, isMet }: Extract<Mark, { kind: 'tick' }>,
  colours: Record<string, string>,
) => {
  const unit = devicePixelRatio;
  const [x, y] = [valToPos(at, 'x', true), bbox.top - 13 * unit];
  ctx.beginPath();
  if (isMet) {
    ctx.fillStyle = colours['series-2'] ?? '';
    ctx.arc(x, y, 4 * unit, 0, 2 * Math.PI);
    ctx.fill();
  } else {
    ctx.strokeStyle = colours.missed ?? '';
    ctx.lineWidth = 1.6 * unit;
    line(ctx, x, y - 5 * unit, x, y + 5 * unit);
  }
};

/** A line across all values at one instant, with a name beside its head. */
const upright = (
  { ctx, bbox, valToPos }: Plot,
  at: number,
  name: string,
  colour: string,
  dash: number[],
  row: number,
) => {
  const unit = devicePixelRatio;
  const x = Math.round(valToPos(at, 'x', true));
  ctx.strokeStyle = colour;
  ctx.fillStyle = colour;
  ctx.lineWidth = unit;
  ctx.setLineDash(dash.map((each) => each * unit));
  line(ctx, x, bbox.top, x, bbox.top + bbox.height);
  ctx.setLineDash([]);
  const isLate = x + ctx.measureText(name).width + 8 * unit > bbox.left + bbox.width;
  ctx.textAlign = isLate ? 'right' : 'left';
  ctx.textBaseline = 'top';
  ctx.fillText(name, x + (isLate ? -4 : 4) * unit, bbox.top + (20 + 14 * row) * unit);
};

/** How long something took. */
const span = (
  { ctx, valToPos }: Plot,
  { from, to, value, name, colour }: Extract<Mark, { kind: 'span' }>,
  colours: Record<string, string>,
) => {
  const unit = devicePixelRatio;
  const [left, right, y] = [valToPos(from, 'x', true), valToPos(to, 'x', true), valToPos(value, 'y', true)];
  ctx.strokeStyle = colours[`series-${colour}`] ?? '';
  ctx.fillStyle = ctx.strokeStyle;
  ctx.lineWidth = 2 * unit;
  line(ctx, left, y, right, y);
  line(ctx, left, y - 4 * unit, left, y + 4 * unit);
  line(ctx, right, y - 4 * unit, right, y + 4 * unit);
  ctx.textAlign = 'left';
  ctx.textBaseline = 'middle';
  ctx.fillText(name, right + 6 * unit, y);
};

/** What was before the step that is shown: it is there, and it is not what the lesson is about. */
const earlier = ({ ctx, bbox, valToPos }: Plot, appliedAt: number, colours: Record<string, string>) => {
  const unit = devicePixelRatio;
  const right = Math.min(valToPos(appliedAt, 'x', true), bbox.left + bbox.width);
  const top = bbox.top - 20 * unit;
  ctx.fillStyle = `${colours.card ?? ''}b8`;
  ctx.fillRect(bbox.left, top, right - bbox.left, bbox.top + bbox.height - top);
  ctx.fillStyle = colours.quiet ?? '';
  ctx.textAlign = 'right';
  ctx.textBaseline = 'top';
  const name = 'before this step';
  if (ctx.measureText(name).width + 8 * unit < right - bbox.left)
    ctx.fillText(name, right - 6 * unit, bbox.top + 4 * unit);
};

/** A scrape that failed: from here on the series is stale. */
const cross = ({ ctx, bbox, valToPos }: Plot, at: number, colour: string) => {
  const unit = devicePixelRatio;
  const [x, y, arm] = [valToPos(at, 'x', true), bbox.top + bbox.height - 7 * unit, 4 * unit];
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1.8 * unit;
  line(ctx, x - arm, y - arm, x + arm, y + arm);
  line(ctx, x - arm, y + arm, x + arm, y - arm);
};

const scaled = (font: string) => font.replace(/^[\d.]+/, (size) => String(Number(size) * devicePixelRatio));

const line = (ctx: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number) => {
  ctx.beginPath();
  ctx.moveTo(x1, y1);
  ctx.lineTo(x2, y2);
  ctx.stroke();
};
