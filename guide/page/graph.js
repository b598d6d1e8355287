import { byId, element } from './dom.js';
import { readColours, rightPixels, sizeOf, timeAxis, valueAxis } from './plot.js';
import { seriesName } from './table.js';
import uPlot from './uPlot.esm.js';
import { compact } from './words.js';

/**
 * @typedef {Extract<import('../src/ask/answer.ts').Answer, { kind: 'answered' }>} Answered
 * @typedef {Answered['series'][number]} Series
 */

const colours = 8;
/** Where colours repeat, the dashes tell the lines apart. */
const dashes = [[], [8, 4], [2, 4]];

/**
 * The answer of a range query, on the time axis of the picture.
 * @param {(at: number) => void} onPick  an instant of the graph was chosen
 */
export const createGraph = (onPick) => {
  const container = byId('graph');
  /** @type {uPlot | undefined} */
  let plot;
  /** @type {Series[]} */
  let drawn = [];
  /** @type {[number, number] | undefined} */
  let axis;
  let shape = '';
  let right = rightPixels();

  /** @param {number | undefined} index */
  const showValues = (index) => {
    const values = [...byId('series').querySelectorAll('.value')];
    for (const [at, place] of values.entries()) {
      const column = plot?.data[at + 1];
      const value = column?.[index ?? column.length - 1];
      place.textContent = value === undefined || value === null ? '–' : compact(value);
    }
  };

  new ResizeObserver(() => plot?.setSize(sizeOf(container))).observe(container);

  return {
    /** @param {Answered} answer */
    show: (answer) => {
      drawn = answer.series;
      const times = range(answer);
      const table = [times, ...drawn.map((series) => valuesAt(times, series))];
      const now = JSON.stringify([drawn.map(({ labels }) => labels), answer.stepSeconds]);
      if (plot === undefined || now !== shape) {
        shape = now;
        plot?.destroy();
        plot = new uPlot(options(drawn, showValues, onPick), /** @type {uPlot.AlignedData} */ (table), container);
        plot.setSize(sizeOf(container));
        byId('series').replaceChildren(...drawn.map((series, index) => legend(series, index, drawn)));
      } else plot.setData(/** @type {uPlot.AlignedData} */ (table), false);
      const [min, max] = axis ?? [answer.from, answer.to];
      plot.setScale('x', { min, max });
      showValues(undefined);
    },
    /** The stretch of time that the picture shows. @param {number} from @param {number} to */
    align: (from, to) => {
      axis = [from, to];
      if (right !== rightPixels()) plot?.redraw(false, true);
      right = rightPixels();
      plot?.setScale('x', { min: from, max: to });
    },
  };
};

/** @param {Answered} answer */
const range = ({ from, to, stepSeconds = 1 }) =>
  Array.from({ length: Math.round((to - from) / stepSeconds) + 1 }, (_, index) => from + index * stepSeconds);

/** @param {number[]} times @param {Series} series */
const valuesAt = (times, { samples }) => {
  const values = new Map(samples.map(([at, text]) => [Math.round(at), Number(text)]));
  return times.map((at) => {
    const value = values.get(Math.round(at));
    return value === undefined || !Number.isFinite(value) ? null : value;
  });
};

/** The labels that tell a series from the others. @param {Series} series @param {Series[]} all */
const distinguishing = ({ labels }, all) =>
  all.length === 1
    ? labels
    : Object.fromEntries(
        Object.entries(labels).filter(([name, value]) => all.some((other) => other.labels[name] !== value)),
      );

/** @param {Series} series @param {number} index @param {Series[]} all */
const legend = (series, index, all) => {
  const swatch = element('span.swatch', { 'aria-hidden': 'true' });
  swatch.style.setProperty('--own', `var(--series-${(index % colours) + 1})`);
  swatch.dataset.dash = String(Math.floor(index / colours) % dashes.length);
  const name = seriesName(distinguishing(series, all));
  return element(
    'li',
    { title: seriesName(series.labels) },
    swatch,
    element('code', {}, name),
    element('span.value', {}),
  );
};

/**
 * @param {Series[]} series
 * @param {(index: number | undefined) => void} onPointer
 * @param {(at: number) => void} onPick
 * @returns {uPlot.Options}
 */
const options = (series, onPointer, onPick) => {
  const theme = readColours;
  return {
    width: 600,
    height: 160,
    padding: [10, rightPixels, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, sync: { key: 'time' } },
    scales: { x: { time: false, auto: false } },
    axes: [timeAxis, valueAxis()],
    series: [
      {},
      ...series.map((_, index) => ({
        stroke: () => theme()[`series-${(index % colours) + 1}`] ?? '',
        width: 1.6,
        dash: dashes[Math.floor(index / colours) % dashes.length] ?? [],
        // Each dot is an evaluation.
        points: { show: undefined, size: 5, space: 6 },
      })),
    ],
    hooks: {
      setCursor: [(plot) => onPointer(plot.cursor.idx ?? undefined)],
      ready: [
        (plot) =>
          plot.over.addEventListener('click', () => {
            const { left } = plot.cursor;
            if (left !== undefined && left >= 0) onPick(plot.posToVal(left, 'x'));
          }),
      ],
    },
  };
};
