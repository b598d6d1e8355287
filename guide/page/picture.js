import { counts, readout } from './counts.js';
import { byId, element } from './dom.js';
import { options, readColours, sizeOf, tables } from './plot.js';
import uPlot from './uPlot.esm.js';

/** @typedef {import('../src/chart.ts').Chart} Chart */

const windowNames = { 60: '1 min', 120: '2 min', 300: '5 min', 900: '15 min', 3600: '1 h' };

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
    if (!(chosen in windowNames)) return;
    windowSeconds = chosen;
    for (const button of buttons)
      button.setAttribute('aria-pressed', String(button.dataset.seconds === String(chosen)));
    onWindow();
  };
  for (const button of buttons) button.setAttribute('aria-pressed', String(button.dataset.seconds === '120'));

  return {
    windowSeconds: () => windowSeconds,
    chooseWindow,
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
