import { byId, element } from './dom.js';
import { keep } from './header.js';
import { legend } from './legend.js';
import { numbers } from './numbers.js';
import { createPin } from './pin.js';
import { makeRoom, options, shapeOf, sizeOf, tables } from './plot.js';
import uPlot from './uPlot.esm.js';

/** @typedef {import('../src/picture.ts').DrawnPicture} DrawnPicture */

const windowNames = { 60: '1 min', 120: '2 min', 300: '5 min', 900: '15 min', 3600: '1 h' };

/**
 * The picture of a step: what really happened, what Prometheus stored, what a query says, on one axis of time.
 * @param {() => void} onWindow  another stretch of time was chosen
 */
export const createPicture = (onWindow) => {
  let windowSeconds = 120;
  /** @type {DrawnPicture | undefined} */
  let drawn;
  /** @type {uPlot | undefined} */
  let plot;
  let shape = '';
  const container = byId('chart');
  const pin = createPin(container, () => plot?.redraw(false));

  new ResizeObserver(() => plot?.setSize(sizeOf(container))).observe(container);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => plot?.redraw(false, true));

  const buttons = Object.entries(windowNames).map(([value, name]) =>
    element('button', { type: 'button', click: () => choose(Number(value)), 'data-seconds': value }, name),
  );
  byId('windows').append(...buttons);

  /** @param {number} seconds */
  const setWindow = (seconds) => {
    if (!(seconds in windowNames)) return false;
    windowSeconds = seconds;
    for (const button of buttons)
      button.setAttribute('aria-pressed', String(button.dataset.seconds === String(seconds)));
    return true;
  };
  /** @param {number} seconds */
  const choose = (seconds) => {
    if (setWindow(seconds)) onWindow();
  };
  setWindow(windowSeconds);

  return {
    windowSeconds: () => windowSeconds,
    chooseWindow: choose,
    /** Why there is no picture yet. @param {string} sentence */
    explain: (sentence) => {
      if (drawn === undefined) byId('picture-wait').textContent = sentence;
    },
    /** The stretch of time with which a step's picture opens. */
    setWindow,
    /** @param {DrawnPicture} now */
    show: (now) => {
      drawn = now;
      byId('picture').removeAttribute('aria-busy');
      pin.show(now);
      makeRoom(now, container);
      if (plot === undefined || shapeOf(now) !== shape) {
        shape = shapeOf(now);
        plot?.destroy();
        plot = new uPlot(
          options(now, () => drawn, pin),
          tables(now),
          container,
        );
        plot.setSize(sizeOf(container));
      } else plot.setData(tables(now), false);
      plot.setScale('x', { min: now.from, max: now.to });
      byId('picture-title').textContent = now.title;
      byId('counts').replaceChildren(...numbers(now));
      keep(byId('legend'), JSON.stringify(legend(now).map(({ outerHTML }) => outerHTML)), () => legend(now));
      container.dataset.samples = String(storedSince(now));
    },
  };
};

/** How many stored samples are drawn since the exporter runs. @param {DrawnPicture} drawn */
const storedSince = ({ layers, from, startedAt = from }) =>
  layers
    .filter(({ kind }) => kind === 'samples')
    .flatMap(({ samples }) => samples ?? [])
    .filter(([at]) => at >= Math.max(from, startedAt)).length;
