/**
 * @typedef {import('../src/picture.ts').DrawnPicture} DrawnPicture
 * @typedef {import('../../lab/model/distribution.ts').Column} Column
 * @typedef {import('./uPlot.esm.js').default} Plot
 */

/** Between the time and the first column, and between two columns. */
const gapPixels = 10;
const columnPixels = { wide: 48, narrow: 24 };

/** @param {number} width  of the whole picture */
const columnWidth = (width) => (width < 480 ? columnPixels.narrow : columnPixels.wide);

/** What the columns need beside the time. @param {DrawnPicture | undefined} drawn @param {number} width  of the whole picture */
export const columnsPixels = (drawn, width) =>
  (drawn?.distribution?.columns.length ?? 0) * (columnWidth(width) + gapPixels) + 2;

/**
 * A column for each histogram, on the axis of the values: its buckets, as wide as what is in them, and where the quantile
 * lands. What really was is a line across all of them.
 * @param {Plot} plot @param {DrawnPicture | undefined} drawn @param {Record<string, string>} colours @param {string} font
 */
export const drawBeside = (plot, drawn, colours, font) => {
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

/** @param {Plot} plot @param {Column} column @param {number} left @param {number} wide @param {Record<string, string>} colours @param {string} font */
const column = (plot, { buckets, quantile, colour }, left, wide, colours, font) => {
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

/** @param {CanvasRenderingContext2D} ctx @param {number} left @param {number} right @param {number} y */
const line = (ctx, left, right, y) => {
  ctx.beginPath();
  ctx.moveTo(left, y);
  ctx.lineTo(right, y);
  ctx.stroke();
};
