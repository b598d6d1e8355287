import { columnsPixels, drawBeside } from './distribution.js';
import { drawOver, drawUnder } from './marks.js';
import uPlot from './uPlot.esm.js';
import { clock, compact, unitSigns } from './words.js';

/**
 * @typedef {import('../src/picture.ts').DrawnPicture} DrawnPicture
 * @typedef {import('../src/picture.ts').DrawnLayer} DrawnLayer
 * @typedef {[at: number, value: number | null]} Point  null where the line breaks
 */

/** Plots of the same shape differ in their data alone. @param {DrawnPicture} drawn */
export const shapeOf = ({ unit, rightUnit, range, layers, distribution }) =>
  JSON.stringify([
    distribution?.columns.length,
    unit,
    rightUnit,
    range,
    layers.map(({ name, kind, colour, isRight }) => [name, kind, colour, isRight]),
  ]);

/** Every layer on one axis of time. @param {DrawnPicture} drawn @returns {uPlot.AlignedData} */
export const tables = (drawn) => {
  const points = drawn.layers.map((layer) => pointsOf(layer, drawn));
  if (points.length === 0) return [[]];
  const [retain, expand] = [1, 2];
  return uPlot.join(
    points.map((each) => [each.map(([at]) => at), each.map(([, value]) => value)]),
    drawn.layers.map(({ kind }) => [retain, kind === 'truth' ? retain : expand]),
  );
};

/** @param {DrawnLayer} layer @param {DrawnPicture} drawn @returns {Point[]} */
const pointsOf = ({ kind, samples = [] }, { to, failed, starts, unit }) => {
  const points = samples.map(([at, value]) => /** @type {Point} */ ([at, Number.isFinite(value) ? value : null]));
  const last = points.at(-1);
  if (last === undefined) return [];
  const breaks = kind === 'samples' ? [...failed, ...(unit === 'count' ? starts : [])] : missingSteps(points);
  // A true value holds for its second, the last one until now.
  if (kind === 'truth') points.push([Math.min(to, last[0] + 1), last[1]]);
  return [...points, ...breaks.map((at) => /** @type {Point} */ ([at, null]))].sort(([one], [other]) => one - other);
};

/** Where a query had no value at a step, or nothing is known of a second. @param {Point[]} points */
const missingSteps = (points) => {
  const steps = points.slice(1).map(([at], index) => at - /** @type {Point} */ (points[index])[0]);
  const step = Math.min(...steps);
  return points.slice(1).flatMap(([at], index) => {
    const [before] = /** @type {Point} */ (points[index]);
    return at - before > 1.5 * step ? [before + step] : [];
  });
};

const names = [
  ...['missed', 'bad', 'warn-line', 'grid', 'quiet', 'card', 'text'],
  ...Array.from({ length: 8 }, (_, index) => `series-${index + 1}`),
];

/** The colours of all plots, from the page's theme. @returns {Record<string, string>} */
export const readColours = () => {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
};

/** @param {number} colour */
const colourOf = (colour) => readColours()[`series-${colour}`] ?? '';

export const font = '11.5px Inter, system-ui, sans-serif';
/** Both sides of all plots, so that times lie under each other. */
const sidePixels = 46;
let besidePixels = 0;
/** The right side of all plots: more where the picture has something beside the time. */
export const rightPixels = () => Math.max(sidePixels, besidePixels);
/** @param {DrawnPicture} drawn @param {HTMLElement} container */
export const makeRoom = (drawn, { clientWidth }) => {
  besidePixels = columnsPixels(drawn, clientWidth);
};

const axis = {
  font,
  stroke: () => readColours().quiet ?? '',
  grid: { stroke: () => readColours().grid ?? '', width: 1 },
  ticks: { show: false },
  gap: 6,
};

/** @type {uPlot.Axis} */
export const timeAxis = {
  ...axis,
  size: 26,
  space: 84,
  incrs: [10, 15, 30, 60, 120, 300, 600, 900],
  values: (_, splits) => splits.map(clock),
};

/** @param {string} sign  of the unit, written after each figure @returns {uPlot.Axis} */
export const valueAxis = (sign = '') => ({
  ...axis,
  size: sidePixels,
  space: 26,
  values: (_, splits) => splits.map((each) => `${compact(each)}${sign}`),
});

/** @param {HTMLElement} container */
export const sizeOf = ({ clientWidth, clientHeight }) => ({
  width: Math.max(clientWidth, 200),
  height: Math.max(clientHeight, 120),
});

/** @param {DrawnLayer} layer @param {boolean} isAlone  the only truth of the picture @returns {uPlot.Series} */
const seriesOf = ({ kind, colour, isRight }, isAlone) => {
  const common = { scale: isRight ? 'right' : 'y', stroke: () => colourOf(colour) };
  if (kind === 'truth') {
    const paths = uPlot.paths.stepped?.({ align: 1 });
    return {
      ...common,
      width: 1.1,
      ...(paths && { paths }),
      points: { show: false },
      // Several stand behind each other: light, and without an area.
      ...(isAlone ? { fill: () => `${colourOf(colour)}1c` } : { stroke: () => `${colourOf(colour)}77` }),
    };
  }
  if (kind === 'query') return { ...common, width: 2.2, points: { show: false } };
  return {
    ...common,
    width: 1.6,
    points: { show: true, size: 8, width: 1.5, stroke: () => readColours().card ?? '', fill: () => colourOf(colour) },
  };
};

/**
 * How a picture is drawn: steps for the truth, dots for what is stored, lines for what a query says.
 * @param {DrawnPicture} shape  what is drawn may change, its shape does not
 * @param {() => DrawnPicture | undefined} drawn
 * @param {ReturnType<typeof import('./pin.js').createPin>} pin
 * @returns {uPlot.Options}
 */
export const options = ({ unit, rightUnit, range, layers }, drawn, pin) => {
  const truths = layers.filter(({ kind }) => kind === 'truth').length;
  const hasRight = rightUnit !== undefined && layers.some(({ isRight }) => isRight);
  return {
    width: 600,
    height: 240,
    padding: [24, hasRight ? 0 : rightPixels, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false }, sync: { key: 'time' } },
    scales: {
      x: { time: false, auto: false },
      y: range ? { range: [...range] } : { range: (_, min, max) => fromZero(min, max) },
      right: { range: (_, min, max) => fromZero(min, max) },
    },
    axes: [
      timeAxis,
      valueAxis(unitSigns[unit]),
      ...(hasRight
        ? [
            {
              ...valueAxis(unitSigns[rightUnit]),
              side: /** @type {const} */ (1),
              scale: 'right',
              grid: { show: false },
            },
          ]
        : []),
    ],
    series: [{}, ...layers.map((layer) => seriesOf(layer, truths === 1))],
    hooks: {
      ready: [(plot) => plot.over.addEventListener('click', pin.click)],
      drawAxes: [(plot) => drawUnder(plot, drawn(), readColours(), font)],
      draw: [
        (plot) => drawOver(plot, drawn(), readColours(), font),
        (plot) => drawBeside(plot, drawn(), readColours(), font),
        (plot) => pin.draw(plot, readColours()),
      ],
      setCursor: [
        (plot) => {
          const { left } = plot.cursor;
          pin.point(left === undefined || left < 0 ? undefined : plot.posToVal(left, 'x'));
        },
      ],
    },
  };
};

/** An axis from zero to a little over the highest value. @param {number} min @param {number} max @returns {[number, number]} */
const fromZero = (min, max) => (Number.isFinite(max) && max > 0 ? [Math.min(0, min), max * 1.08] : [0, 1]);
