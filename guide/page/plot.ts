import uPlot from 'uplot';
import type { DrawnLayer, DrawnPicture } from '../src/picture.ts';
import { columnsPixels, drawBeside } from './distribution.ts';
import { type Dot, dotOf } from './dots.ts';
import { drawOver, drawUnder } from './marks.ts';
import type { createPin } from './pin.ts';
import { isProjected } from './view.ts';
import { clock, compact, unitSigns } from './words.ts';

export { uPlot };

/** null where the line breaks */
type Point = [at: number, value: number | null];

/** Plots of the same shape differ in their data alone. @param width  of the plot, pixels */
export const shapeOf = ({ unit, rightUnit, range, layers, distribution, from, to }: DrawnPicture, width: number) =>
  JSON.stringify([
    distribution?.columns.length,
    unit,
    rightUnit,
    range,
    layers.map((layer) => [layer.name, layer.kind, layer.colour, layer.isRight, dotOf(layer, [from, to], width)]),
  ]);

/** Every layer on one axis of time. */
export const tables = (drawn: DrawnPicture): uPlot.AlignedData => {
  const points = drawn.layers.map((layer) => pointsOf(layer, drawn));
  if (points.length === 0) return [[]];
  const [retain, expand] = [1, 2];
  return uPlot.join(
    points.map((each) => [each.map(([at]) => at), each.map(([, value]) => value)]),
    drawn.layers.map(({ kind }) => [retain, kind === 'truth' ? retain : expand]),
  );
};

const pointsOf = ({ kind, samples = [] }: DrawnLayer, { to, failed, starts, unit }: DrawnPicture): Point[] => {
  const points = samples.map(([at, value]) => [at, Number.isFinite(value) ? value : null] as Point);
  const last = points.at(-1);
  if (last === undefined) return [];
  const breaks = kind === 'samples' ? [...failed, ...(unit === 'count' ? starts : [])] : missingSteps(points);
  // A true value holds for its second, the last one until now.
  if (kind === 'truth') points.push([Math.min(to, last[0] + 1), last[1]]);
  return [...points, ...breaks.map((at) => [at, null] as Point)].sort(([one], [other]) => one - other);
};

/** Where a query had no value at a step, or nothing is known of a second. */
const missingSteps = (points: Point[]) => {
  const steps = points.slice(1).map(([at], index) => at - (points[index] as Point)[0]);
  const step = Math.min(...steps);
  return points.slice(1).flatMap(([at], index) => {
    const [before] = points[index] as Point;
    return at - before > 1.5 * step ? [before + step] : [];
  });
};

const names = [
  ...['missed', 'bad', 'warn-line', 'grid', 'quiet', 'card', 'text'],
  ...Array.from({ length: 8 }, (_, index) => `series-${index + 1}`),
];

/** The colours of all plots, from the page's theme. */
export const readColours = (): Record<string, string> => {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
};

const colourOf = (colour: number) => readColours()[`series-${colour}`] ?? '';

/** On a projector everything is larger. */
const scale = isProjected ? 1.6 : 1;
export const font = `${11.5 * scale}px Inter, system-ui, sans-serif`;
/** Both sides of all plots, so that times lie under each other. */
const sidePixels = 46 * scale;
/** The right side of all plots, in pixels: more where the picture has something beside the time. */
export const createSides = () => {
  let besidePixels = 0;
  return {
    right: () => Math.max(sidePixels, besidePixels),
    makeRoom: (drawn: DrawnPicture, { clientWidth }: HTMLElement) => {
      besidePixels = columnsPixels(drawn, clientWidth);
    },
  };
};
export type Sides = ReturnType<typeof createSides>;

const axis = {
  font,
  stroke: () => readColours().quiet ?? '',
  grid: { stroke: () => readColours().grid ?? '', width: 1 },
  ticks: { show: false },
  gap: 6,
};

export const timeAxis: uPlot.Axis = {
  ...axis,
  size: 26 * scale,
  space: 84 * scale,
  incrs: [10, 15, 30, 60, 120, 300, 600, 900],
  values: (_, splits) => splits.map(clock),
};

/** @param sign  of the unit, written after each figure */
export const valueAxis = (sign: string = ''): uPlot.Axis => ({
  ...axis,
  size: sidePixels,
  space: 26 * scale,
  values: (_, splits) => splits.map((each) => `${compact(each)}${sign}`),
});

export const sizeOf = ({ clientWidth, clientHeight }: HTMLElement) => ({
  width: Math.max(clientWidth, 200),
  height: Math.max(clientHeight, 120),
});

/** @param isAlone  the only truth of the picture */
const seriesOf = ({ kind, colour, isRight }: DrawnLayer, isAlone: boolean, dot: Dot): uPlot.Series => {
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
    points:
      dot === 'ringed'
        ? { show: true, size: 8, width: 1.5, stroke: () => readColours().card ?? '', fill: () => colourOf(colour) }
        : { show: dot === 'small', size: 4, width: 0, fill: () => colourOf(colour) },
  };
};

/**
 * How a picture is drawn: steps for the truth, dots for what is stored, lines for what a query says.
 * @param width  of the plot, pixels
 */
export const options = (
  { unit, rightUnit, range, layers, from, to }: DrawnPicture,
  width: number,
  drawn: () => DrawnPicture | undefined,
  pin: Pick<ReturnType<typeof createPin>, 'click' | 'draw' | 'point'>,
  sides: Pick<Sides, 'right'>,
): uPlot.Options => {
  const truths = layers.filter(({ kind }) => kind === 'truth').length;
  const hasRight = rightUnit !== undefined && layers.some(({ isRight }) => isRight);
  return {
    width: 600,
    height: 240,
    padding: [24, hasRight ? 0 : sides.right, 0, 0],
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
              side: 1 as const,
              scale: 'right',
              grid: { show: false },
            },
          ]
        : []),
    ],
    series: [{}, ...layers.map((layer) => seriesOf(layer, truths === 1, dotOf(layer, [from, to], width)))],
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

/** An axis from zero to a little over the highest value. */
const fromZero = (min: number, max: number): [number, number] =>
  Number.isFinite(max) && max > 0 ? [Math.min(0, min), max * 1.08] : [0, 1];
