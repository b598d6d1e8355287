import { byId, element } from './dom.js';
import { drawOver, drawUnder } from './marks.js';
import uPlot from './uPlot.esm.js';
import { clock, count, seconds } from './words.js';

/** @typedef {import('../src/chart.ts').Chart} Chart */

const windowNames = { 60: '1 min', 120: '2 min', 300: '5 min' };

/**
 * The picture of the page: the true signal as steps, the stored samples as dots with a graph's line between them.
 * @param {() => void} onWindow
 */
export const createPicture = (onWindow) => {
  let windowSeconds = 120;
  /** @type {Chart | undefined} */
  let chart;
  let colours = readColours();
  const container = byId('chart');

  const plot = new uPlot(
    options(
      () => chart,
      () => colours,
      readout,
    ),
    [[], [], []],
    container,
  );
  new ResizeObserver(() => plot.setSize(sizeOf(container))).observe(container);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    colours = readColours();
    plot.redraw(false, true);
  });

  const buttons = Object.entries(windowNames).map(([value, name]) =>
    element('button', { type: 'button', click: () => chooseWindow(Number(value)), 'data-seconds': value }, name),
  );
  byId('windows').append(...buttons);
  /** @param {number} chosen */
  const chooseWindow = (chosen) => {
    windowSeconds = chosen;
    for (const button of buttons)
      button.setAttribute('aria-pressed', String(button.dataset.seconds === String(chosen)));
    onWindow();
  };
  for (const button of buttons) button.setAttribute('aria-pressed', String(button.dataset.seconds === '120'));

  return {
    windowSeconds: () => windowSeconds,
    /** @param {Chart} now */
    show: (now) => {
      chart = now;
      plot.setData(tables(now), false);
      plot.setScale('x', { min: now.from, max: now.to });
      const since = Math.max(now.from, now.truth?.startedAt ?? now.from);
      const inside = now.samples?.filter(([at]) => at >= since).length;
      container.dataset.samples = String(inside ?? '');
      byId('counts').replaceChildren(...counts(now, inside));
    },
  };
};

/** @param {Chart} chart @param {number | undefined} stored */
const counts = ({ truth, threshold, happened, seen, from, to }, stored) => {
  if (truth === undefined) return ['What happened is not known: the exporter does not answer.'];
  const since = truth.startedAt > from ? `since the exporter started, ${seconds(to - truth.startedAt)} ago` : '';
  const samples = stored === undefined ? '' : `in ${count(stored, 'stored sample')}`;
  return [
    element('strong.happened', {}, String(happened)),
    ` spike${happened === 1 ? '' : 's'} over ${threshold} % happened, `,
    ...(seen === undefined ? ['what was seen is not known'] : [element('strong.seen', {}, String(seen)), ' seen ']),
    element('span.quiet', {}, [samples, since].filter(Boolean).join(' ')),
  ];
};

/** Both lines on one axis of time. @param {Chart} chart @returns {uPlot.AlignedData} */
const tables = ({ truth, samples, gaps, to }) => {
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

/** What stood where the pointer is. @param {Chart | undefined} chart @param {number | undefined} at */
const readout = (chart, at) => {
  const shown = byId('readout');
  if (chart === undefined || at === undefined) {
    shown.textContent = '';
    return;
  }
  const really = chart.truth?.cpuPercent[Math.floor(at) - chart.truth.firstSecond];
  const last = chart.samples?.findLast(([time]) => time <= at);
  shown.textContent = [
    `${clock(at)} UTC`,
    really === undefined ? undefined : `true CPU ${really} %`,
    last && `last sample ${last[1]} %, ${seconds(at - last[0])} before`,
  ]
    .filter((part) => part !== undefined)
    .join(' · ');
};

const names = ['truth', 'truth-soft', 'stored', 'missed', 'grid', 'quiet', 'card', 'line'];

/** The chart's colours, from the page's theme. @returns {Record<string, string>} */
const readColours = () => {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
};

/** @param {HTMLElement} container */
const sizeOf = ({ clientWidth, clientHeight }) => ({
  width: Math.max(clientWidth, 200),
  height: Math.max(clientHeight, 120),
});

/**
 * @param {() => Chart | undefined} chart
 * @param {() => Record<string, string>} colours
 * @param {(chart: Chart | undefined, at: number | undefined) => void} onPointer
 * @returns {uPlot.Options}
 */
const options = (chart, colours, onPointer) => {
  const font = '11.5px Inter, system-ui, sans-serif';
  const axis = {
    font,
    stroke: () => colours().quiet ?? '',
    grid: { stroke: () => colours().grid ?? '', width: 1 },
    ticks: { show: false },
  };
  return {
    width: 600,
    height: 240,
    padding: [24, 24, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: { x: { time: false }, y: { range: [0, 100] } },
    axes: [
      { ...axis, size: 26, gap: 6, space: 84, incrs: [10, 15, 30, 60], values: (_, splits) => splits.map(clock) },
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
