import uPlot from 'uplot';
import type { Answer } from '../src/ask/answer.ts';
import { byId, element } from './dom.ts';
import { readColours, type Sides, sizeOf, timeAxis, valueAxis } from './plot.ts';
import { seriesName } from './table.ts';
import { compact } from './words.ts';

type Answered = Extract<Answer, { kind: 'answered' }>;
type Series = Answered['series'][number];

const colours = 8;
/** Where colours repeat, the dashes tell the lines apart. */
const dashes = [[], [8, 4], [2, 4]];

/**
 * The answer of a range query, on the time axis of the picture.
 * @param onPick  an instant of the graph was chosen
 */
export const createGraph = (sides: Sides, onPick: (at: number) => void) => {
  const container = byId('graph');
  let plot: uPlot | undefined;
  let drawn: Series[] = [];
  let axis: [number, number] | undefined;
  let shape = '';
  let right = sides.right();

  const showValues = (index: number | undefined) => {
    const values = [...byId('series').querySelectorAll('.value')];
    for (const [at, place] of values.entries()) {
      const column = plot?.data[at + 1];
      const value = column?.[index ?? column.length - 1];
      place.textContent = value === undefined || value === null ? '–' : compact(value);
    }
  };

  new ResizeObserver(() => plot?.setSize(sizeOf(container))).observe(container);

  return {
    show: (answer: Answered) => {
      drawn = answer.series;
      const times = range(answer);
      const table = [times, ...drawn.map((series) => valuesAt(times, series))];
      const now = JSON.stringify([drawn.map(({ labels }) => labels), answer.stepSeconds]);
      if (plot === undefined || now !== shape) {
        shape = now;
        plot?.destroy();
        plot = new uPlot(options(drawn, showValues, onPick, sides), table as uPlot.AlignedData, container);
        plot.setSize(sizeOf(container));
        byId('series').replaceChildren(...drawn.map((series, index) => legend(series, index, drawn)));
      } else plot.setData(table as uPlot.AlignedData, false);
      const [min, max] = axis ?? [answer.from, answer.to];
      plot.setScale('x', { min, max });
      showValues(undefined);
    },
    /** The stretch of time that the picture shows. */
    align: (from: number, to: number) => {
      axis = [from, to];
      if (right !== sides.right()) plot?.redraw(false, true);
      right = sides.right();
      plot?.setScale('x', { min: from, max: to });
    },
  };
};

const range = ({ from, to, stepSeconds = 1 }: Answered) =>
  Array.from({ length: Math.round((to - from) / stepSeconds) + 1 }, (_, index) => from + index * stepSeconds);

const valuesAt = (times: number[], { samples }: Series) => {
  const values = new Map(samples.map(([at, text]) => [Math.round(at), Number(text)]));
  return times.map((at) => {
    const value = values.get(Math.round(at));
    return value === undefined || !Number.isFinite(value) ? null : value;
  });
};

/** The labels that tell a series from the others. */
const distinguishing = ({ labels }: Series, all: Series[]) =>
  all.length === 1
    ? labels
    : Object.fromEntries(
        Object.entries(labels).filter(([name, value]) => all.some((other) => other.labels[name] !== value)),
      );

const legend = (series: Series, index: number, all: Series[]) => {
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

const options = (
  series: Series[],
  onPointer: (index: number | undefined) => void,
  onPick: (at: number) => void,
  sides: Sides,
): uPlot.Options => {
  const theme = readColours;
  return {
    width: 600,
    height: 160,
    padding: [10, sides.right, 0, 0],
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
