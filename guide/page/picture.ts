import uPlot from 'uplot';
import type { DrawnPicture } from '../src/picture.ts';
import { byId, element, keep } from './dom.ts';
import { legend } from './legend.ts';
import { numbers } from './numbers.ts';
import { createPin } from './pin.ts';
import { options, type Sides, shapeOf, sizeOf, tables } from './plot.ts';

const windowNames = { 60: '1 min', 120: '2 min', 300: '5 min', 900: '15 min', 3600: '1 h' };

/**
 * The picture of a step: what really happened, what Prometheus stored, what a query says, on one axis of time.
 * @param onWindow  another stretch of time was chosen
 */
export const createPicture = (sides: Sides, onWindow: () => void) => {
  let windowSeconds = 120;
  let drawn: DrawnPicture | undefined;
  let plot: uPlot | undefined;
  let shape = '';
  const container = byId('chart');
  const pin = createPin(container, () => plot?.redraw(false));

  new ResizeObserver(() => plot?.setSize(sizeOf(container))).observe(container);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => plot?.redraw(false, true));

  const buttons = Object.entries(windowNames).map(([value, name]) =>
    element('button', { type: 'button', click: () => choose(Number(value)), 'data-seconds': value }, name),
  );
  byId('windows').append(...buttons);

  const setWindow = (seconds: number) => {
    if (!(seconds in windowNames)) return false;
    windowSeconds = seconds;
    for (const button of buttons)
      button.setAttribute('aria-pressed', String(button.dataset.seconds === String(seconds)));
    return true;
  };
  const choose = (seconds: number) => {
    const isChosen = setWindow(seconds);
    if (isChosen) onWindow();
    return isChosen;
  };
  setWindow(windowSeconds);

  return {
    windowSeconds: () => windowSeconds,
    chooseWindow: choose,
    /** Why there is no picture yet. */
    explain: (sentence: string) => {
      if (drawn === undefined) byId('picture-wait').textContent = sentence;
    },
    /** The stretch of time with which a step's picture opens. */
    setWindow,
    show: (now: DrawnPicture) => {
      drawn = now;
      byId('picture').removeAttribute('aria-busy');
      pin.show(now);
      sides.makeRoom(now, container);
      if (plot === undefined || shapeOf(now, container.clientWidth) !== shape) {
        shape = shapeOf(now, container.clientWidth);
        plot?.destroy();
        plot = new uPlot(
          options(now, container.clientWidth, () => drawn, pin, sides),
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

/** How many stored samples are drawn since the exporter runs. */
const storedSince = ({ layers, from, startedAt = from }: DrawnPicture) =>
  layers
    .filter(({ kind }) => kind === 'samples')
    .flatMap(({ samples }) => samples ?? [])
    .filter(([at]) => at >= Math.max(from, startedAt)).length;
