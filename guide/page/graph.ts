import uPlot from 'uplot';
import type { Answer } from '../src/ask/answer.ts';
import { byId, element } from './dom.ts';
import { readColours, type Sides, sizeOf, timeAxis, valueAxis } from './plot.ts';
import { seriesName } from './table.ts';
import { compact } from './words.ts';

type Answered = Extract<Answer, { kind: 'answered' }>;
/** A series of one of the queries; `letter` says of which, where there are several. */
type Drawn = Answered['series'][number] & { letter: string };

const colours = 8;
/** Where colours repeat, the dashes distinguish the lines. */
const dashes = [[], [8, 4], [2, 4]];
/** What is dragged over less is a click. */
const leastPixels = 8;

export type GraphActions = {
  /** An instant of the graph was chosen. */
  onPick: (at: number) => void;
  /** A time range was dragged over. */
  onZoom: (from: number, to: number) => void;
};

/** The answers of range queries in one graph, on the time axis of the picture unless they have a range of their own. */
export const createGraph = (sides: Sides, actions: GraphActions) => {
  const container = byId('graph');
  const list = byId('series');
  let plot: uPlot | undefined;
  let [drawn, values]: [Drawn[], (number | null)[][]] = [[], []];
  let axis: [number, number] | undefined;
  let isOwnRange = false;
  let shape = '';
  let right = sides.right();
  /** series that the reader has hidden, by name */
  let hidden = new Set<string>();

  const showValues = (index: number | undefined) => {
    for (const [at, place] of [...list.querySelectorAll('.value')].entries()) {
      const column = values[at];
      const value = column?.[index ?? column.length - 1];
      place.textContent = value === undefined || value === null ? '–' : compact(value);
    }
  };

  const hide = (names: Set<string>) => {
    hidden = names;
    for (const [index, each] of drawn.entries()) {
      const isShown = !hidden.has(nameOf(each));
      list.children[index]?.classList.toggle('hidden', !isShown);
      list.children[index]?.querySelector('.toggle')?.setAttribute('aria-pressed', String(isShown));
      plot?.setSeries(index + 1, { show: isShown });
    }
  };
  /** One alone, and all of them where it is alone already. */
  const singleOut = (name: string) => {
    const others = drawn.map(nameOf).filter((each) => each !== name);
    hide(!hidden.has(name) && others.every((each) => hidden.has(each)) ? new Set() : new Set(others));
  };
  const toggle = (name: string) =>
    hide(new Set(hidden.has(name) ? [...hidden].filter((each) => each !== name) : [...hidden, name]));

  new ResizeObserver(() => plot?.setSize(sizeOf(container))).observe(container);

  return {
    /**
     * @param answers   of the queries, in their order, on the same steps
     * @param settings  `isOwnRange` where the range is not the picture's
     */
    show: (answers: readonly Answered[], settings: { isStacked: boolean; isOwnRange: boolean }) => {
      const several = answers.length > 1;
      drawn = answers.flatMap(({ series }, index) =>
        series.map((each) => ({ ...each, letter: several ? letterOf(index) : '' })),
      );
      const [from, to] = [Math.min(...answers.map((each) => each.from)), Math.max(...answers.map((each) => each.to))];
      const step = answers[0]?.stepSeconds ?? 1;
      const times = Array.from({ length: Math.round((to - from) / step) + 1 }, (_, index) => from + index * step);
      values = drawn.map((each) => valuesAt(times, each));
      const shown = settings.isStacked ? stacked(values) : values;
      const table = [times, ...shown] as uPlot.AlignedData;
      const now = JSON.stringify([drawn.map(nameOf), step, settings.isStacked]);
      if (plot === undefined || now !== shape) {
        shape = now;
        plot?.destroy();
        plot = new uPlot(options(drawn, showValues, actions, sides, settings.isStacked), table, container);
        plot.setSize(sizeOf(container));
        list.replaceChildren(
          ...drawn.map((each, index) =>
            legend(each, index, drawn, {
              toggle: () => toggle(nameOf(each)),
              singleOut: () => singleOut(nameOf(each)),
            }),
          ),
        );
        hide(hidden);
      } else plot.setData(table, false);
      isOwnRange = settings.isOwnRange;
      const [min, max] = isOwnRange || axis === undefined ? [from, to] : axis;
      plot.setScale('x', { min, max });
      showValues(undefined);
    },
    /** The time range that the picture shows. */
    align: (from: number, to: number) => {
      axis = [from, to];
      if (right !== sides.right()) plot?.redraw(false, true);
      right = sides.right();
      if (!isOwnRange) plot?.setScale('x', { min: from, max: to });
    },
  };
};

/** The first query is A. */
export const letterOf = (index: number): string => String.fromCharCode(65 + index);

const nameOf = ({ letter, labels }: Drawn) => `${letter} ${seriesName(labels)}`;

const valuesAt = (times: number[], { samples }: Drawn) => {
  const values = new Map(samples.map(([at, text]) => [Math.round(at), Number(text)]));
  return times.map((at) => {
    const value = values.get(Math.round(at));
    return value === undefined || !Number.isFinite(value) ? null : value;
  });
};

/** Each on top of those before it; a gap counts as nothing. */
const stacked = (columns: (number | null)[][]) => {
  const sums: number[] = [];
  return columns.map((column) =>
    column.map((value, index) => {
      sums[index] = (sums[index] ?? 0) + (value ?? 0);
      return value === null ? null : sums[index];
    }),
  );
};

/** The labels that distinguish a series from the others. */
const distinguishing = ({ labels }: Drawn, all: Drawn[]) =>
  all.length === 1
    ? labels
    : Object.fromEntries(
        Object.entries(labels).filter(([name, value]) => all.some((other) => other.labels[name] !== value)),
      );

/** A series: its colour hides it, its name singles it out. */
const legend = (
  series: Drawn,
  index: number,
  all: Drawn[],
  { toggle, singleOut }: { toggle: () => void; singleOut: () => void },
) => {
  const swatch = element('span.swatch', { 'aria-hidden': 'true' });
  swatch.style.setProperty('--own', `var(--series-${(index % colours) + 1})`);
  swatch.dataset.dash = String(Math.floor(index / colours) % dashes.length);
  const name = seriesName(distinguishing(series, all));
  const whole = seriesName(series.labels);
  return element(
    'li',
    {},
    element(
      'button.toggle',
      {
        type: 'button',
        'aria-pressed': 'true',
        'aria-label': `Show ${whole}`,
        title: 'Hide or show it',
        click: toggle,
      },
      swatch,
    ),
    element(
      'button.name',
      { type: 'button', title: `${whole}: show it alone, or all again`, click: singleOut },
      series.letter !== '' && element('strong', {}, `${series.letter} `),
      element('code', {}, name),
    ),
    element('span.value', {}),
  );
};

const options = (
  series: Drawn[],
  onPointer: (index: number | undefined) => void,
  { onPick, onZoom }: GraphActions,
  sides: Sides,
  isStacked: boolean,
): uPlot.Options => {
  const colourOf = (index: number) => readColours()[`series-${(index % colours) + 1}`] ?? '';
  return {
    width: 600,
    height: 160,
    padding: [10, sides.right, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: true, y: false, setScale: false, dist: leastPixels }, sync: { key: 'time' } },
    scales: { x: { time: false, auto: false } },
    axes: [timeAxis, valueAxis()],
    series: [
      {},
      ...series.map((_, index) => ({
        stroke: () => colourOf(index),
        ...(isStacked && { fill: () => `${colourOf(index)}26` }),
        width: 1.6,
        dash: dashes[Math.floor(index / colours) % dashes.length] ?? [],
        // Each dot is an evaluation.
        points: { show: undefined, size: 5, space: 6 },
      })),
    ],
    ...(isStacked && { bands: series.slice(1).map((_, index): uPlot.Band => ({ series: [index + 2, index + 1] })) }),
    hooks: {
      setCursor: [(plot) => onPointer(plot.cursor.idx ?? undefined)],
      setSelect: [
        (plot) => {
          const { left, width } = plot.select;
          if (width < leastPixels) return;
          const [from, to] = [plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x')];
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          onZoom(from, to);
        },
      ],
      ready: [
        (plot) => {
          let pressedAt = 0;
          plot.over.addEventListener('mousedown', ({ clientX }) => {
            pressedAt = clientX;
          });
          plot.over.addEventListener('click', ({ clientX }) => {
            const { left } = plot.cursor;
            const isDrag = Math.abs(clientX - pressedAt) >= leastPixels;
            if (!isDrag && left !== undefined && left >= 0) onPick(plot.posToVal(left, 'x'));
          });
        },
      ],
    },
  };
};
