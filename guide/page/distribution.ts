import type Plot from 'uplot';
import type { Column } from '../../lab/model/distribution.ts';
import type { DrawnPicture } from '../src/picture.ts';

/** Between the time and the first column, and between two columns. */
const gapPixels = 10;
const columnPixels = { wide: 48, narrow: 24 };

/** @param width  of the whole picture */
const columnWidth = (width: number) => (width < 480 ? columnPixels.narrow : columnPixels.wide);

/** What the columns need beside the time. @param width  of the whole picture */
export const columnsPixels = (drawn: DrawnPicture | undefined, width: number) =>
  (drawn?.distribution?.columns.length ?? 0) * (columnWidth(width) + gapPixels) + 2;

/**
 * A column for each histogram, on the axis of the values: its buckets, as wide as what is in them, and where the quantile
 * lands. What really was is a line across all of them.
 */
export const drawBeside = (
  plot: Plot,
  drawn: DrawnPicture | undefined,
  colours: Record<string, string>,
  font: string,
) => {
  const { columns = [], truth = [] } = drawn?.distribution ?? {};
  if (columns.length === 0) return;
  const { ctx, bbox } = plot;
  const unit = devicePixelRatio;
  const wide = columnWidth(plot.width) * unit;
  const begin = bbox.left + bbox.width + gapPixels * unit;
  ctx.save();
  ctx.beginPath();
  ctx.rect(begin, bbox.top - 14 * unit, plot.width * unit, bbox.height + 14 * unit);
  ctx.clip();
  for (const [index, each] of columns.entries()) {
    column(plot, each, begin + index * (wide + gapPixels * unit), wide, colours, font);
  }
  ctx.strokeStyle = colours['series-1'] ?? '';
  ctx.lineWidth = 2 * unit;
  const end = begin + columns.length * (wide + gapPixels * unit) - gapPixels * unit;
  for (const value of truth) {
    const y = plot.valToPos(value, 'y', true);
    line(ctx, begin, end, y);
  }
  ctx.restore();
};

const column = (
  plot: Plot,
  { buckets, quantile, colour }: Column,
  left: number,
  wide: number,
  colours: Record<string, string>,
  font: string,
) => {
  const { ctx, bbox, valToPos } = plot;
  const unit = devicePixelRatio;
  const own = colours[`series-${colour}`] ?? '';
  ctx.strokeStyle = colours.quiet ?? '';
  ctx.lineWidth = unit;
  ctx.strokeRect(left, bbox.top, 0, bbox.height);
  ctx.strokeStyle = own;
  for (const { low, high, share } of buckets) {
    const bottom = valToPos(low, 'y', true);
    // Without an upper edge it goes on beyond the picture.
    const top = high === undefined ? bbox.top - 30 * unit : valToPos(high, 'y', true);
    ctx.fillStyle = `${own}44`;
    ctx.fillRect(left, top, share * wide, bottom - top);
    ctx.strokeRect(left, top, share * wide, bottom - top);
  }
  if (quantile === undefined) return;
  const y = valToPos(quantile, 'y', true);
  ctx.lineWidth = 2.5 * unit;
  line(ctx, left, left + wide, y);
  if (wide < columnPixels.wide * unit) return;
  ctx.font = font.replace(/^[\d.]+/, String(10.5 * unit));
  ctx.fillStyle = colours.text ?? '';
  ctx.textAlign = 'left';
  ctx.textBaseline = 'bottom';
  ctx.fillText(String(Number(quantile.toFixed(4))), left + 2 * unit, y - 2 * unit);
};

const line = (ctx: CanvasRenderingContext2D, left: number, right: number, y: number) => {
  ctx.beginPath();
  ctx.moveTo(left, y);
  ctx.lineTo(right, y);
  ctx.stroke();
};
