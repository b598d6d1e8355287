/** @typedef {import('../src/chart.ts').Chart} Chart */

/**
 * What lies under the lines: the threshold, and the time of which nothing true is known.
 * @param {import('./uPlot.esm.js').default} plot @param {Chart | undefined} chart @param {Record<string, string>} colours
 */
export const drawUnder = ({ ctx, bbox, valToPos }, chart, colours) => {
  if (chart === undefined) return;
  ctx.save();
  const y = Math.round(valToPos(chart.threshold, 'y', true));
  ctx.strokeStyle = colours.missed ?? '';
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([5 * devicePixelRatio, 4 * devicePixelRatio]);
  line(ctx, bbox.left, y, bbox.left + bbox.width, y);
  ctx.restore();
};

/**
 * What lies over them: one mark per spike along the top, and the start of the exporter.
 * @param {import('./uPlot.esm.js').default} plot
 * @param {Chart | undefined} chart
 * @param {Record<string, string>} colours
 * @param {string} font
 */
export const drawOver = ({ ctx, bbox, valToPos }, chart, colours, font) => {
  if (chart === undefined) return;
  const unit = devicePixelRatio;
  const top = bbox.top - 13 * unit;
  /** @param {number} at */
  const x = (at) => valToPos(at, 'x', true);
  ctx.save();
  ctx.font = font.replace('11.5px', `${11.5 * unit}px`);
  ctx.fillStyle = colours.quiet ?? '';
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'right';
  ctx.fillText('spikes', bbox.left - 6 * unit, top);

  for (const { from, to, seen } of chart.spikes) {
    const middle = x((from + Math.min(to, chart.to)) / 2);
    ctx.beginPath();
    if (seen) {
      ctx.fillStyle = colours.stored ?? '';
      ctx.arc(middle, top, 4 * unit, 0, 2 * Math.PI);
      ctx.fill();
    } else {
      ctx.strokeStyle = colours.missed ?? '';
      ctx.lineWidth = 1.6 * unit;
      line(ctx, middle, top - 5 * unit, middle, top + 5 * unit);
    }
  }

  const started = chart.truth?.startedAt;
  if (started !== undefined && started > chart.from) {
    ctx.strokeStyle = colours.quiet ?? '';
    ctx.lineWidth = unit;
    ctx.setLineDash([2 * unit, 3 * unit]);
    line(ctx, x(started), bbox.top, x(started), bbox.top + bbox.height);
  }
  ctx.restore();
};

/** @param {CanvasRenderingContext2D} ctx @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2 */
const line = (ctx, x1, y1, x2, y2) => {
  ctx.beginPath();
  ctx.moveTo(x1, y1);
  ctx.lineTo(x2, y2);
  ctx.stroke();
};
