import { drawOver, drawUnder } from './marks.js';
import uPlot from './uPlot.esm.js';
import { clock } from './words.js';

/** @typedef {import('../src/chart.ts').Chart} Chart */

/** Both lines on one axis of time. @param {Chart} chart @returns {uPlot.AlignedData} */
export const tables = ({ truth, samples, gaps, to }) => {
  const seconds = truth?.cpuPercent.map((_, index) => truth.firstSecond + index) ?? [];
  const values = truth?.cpuPercent ?? [];
  /** @type {(readonly [at: number, value: number | null])[]} */
  const stored = [...(samples ?? []), ...gaps.map((at) => /** @type {[number, null]} */ ([at, null]))];
  stored.sort(([one], [other]) => one - other);
  // The last value holds until now; a failed scrape (null) breaks the line, whatever else stands at its time.
  const held = [...values, ...values.slice(-1)];
  const holds = [...seconds, ...(values.length > 0 ? [to] : [])];
  const [retain, expand] = [1, 2];
  return uPlot.join(
    [
      [holds, held],
      [stored.map(([at]) => at), stored.map(([, value]) => value)],
    ],
    [
      [retain, retain],
      [retain, expand],
    ],
  );
};

const names = [
  ...['truth', 'truth-soft', 'stored', 'missed', 'grid', 'quiet', 'card', 'line'],
  ...Array.from({ length: 8 }, (_, index) => `series-${index + 1}`),
];

/** The chart's colours, from the page's theme. @returns {Record<string, string>} */
export const readColours = () => {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
};

const font = '11.5px Inter, system-ui, sans-serif';

/** What the axes of all plots share, so that times lie under each other. @param {() => Record<string, string>} colours */
export const axisOf = (colours) => ({
  font,
  stroke: () => colours().quiet ?? '',
  grid: { stroke: () => colours().grid ?? '', width: 1 },
  ticks: { show: false },
});

/** The axis of time that all plots share. @param {() => Record<string, string>} colours @returns {uPlot.Axis} */
export const timeAxis = (colours) => ({
  ...axisOf(colours),
  size: 26,
  gap: 6,
  space: 84,
  incrs: [10, 15, 30, 60, 120, 300, 600, 900],
  values: (_, splits) => splits.map(clock),
});

/** @param {HTMLElement} container */
export const sizeOf = ({ clientWidth, clientHeight }) => ({
  width: Math.max(clientWidth, 200),
  height: Math.max(clientHeight, 120),
});

/**
 * The chart's look: steps for the truth, dots and a line for what is stored.
 * @param {() => Chart | undefined} chart
 * @param {() => Record<string, string>} colours
 * @param {(chart: Chart | undefined, at: number | undefined) => void} onPointer
 * @returns {uPlot.Options}
 */
export const options = (chart, colours, onPointer) => {
  const axis = axisOf(colours);
  return {
    width: 600,
    height: 240,
    padding: [24, 24, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false }, sync: { key: 'time' } },
    scales: { x: { time: false }, y: { range: [0, 100] } },
    axes: [
      timeAxis(colours),
      {
        ...axis,
        size: 46,
        gap: 6,
        splits: () => [0, 20, 40, 60, 80, 100],
        values: (_, splits) => splits.map((each) => `${each} %`),
      },
    ],
    series: [
      {},
      {
        stroke: () => colours().truth ?? '',
        fill: () => colours()['truth-soft'] ?? '',
        width: 1.1,
        paths: uPlot.paths.stepped?.({ align: 1 }),
        points: { show: false },
      },
      {
        stroke: () => colours().stored ?? '',
        width: 2,
        points: {
          show: true,
          size: 9,
          width: 1.5,
          stroke: () => colours().card ?? '',
          fill: () => colours().stored ?? '',
        },
      },
    ],
    hooks: {
      drawAxes: [(plot) => drawUnder(plot, chart(), colours())],
      draw: [(plot) => drawOver(plot, chart(), colours(), font)],
      setCursor: [
        (plot) => {
          const { left } = plot.cursor;
          onPointer(chart(), left === undefined || left < 0 ? undefined : plot.posToVal(left, 'x'));
        },
      ],
    },
  };
};
