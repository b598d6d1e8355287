import { readAddress } from '../../guide/page/address.ts';
import { byId, element, keep } from '../../guide/page/dom.ts';
import { numbers } from '../../guide/page/numbers.ts';
import { createSides, options, shapeOf, sizeOf, tables, uPlot } from '../../guide/page/plot.ts';
import { poll } from '../../guide/page/poll.ts';
import type { DrawnPicture } from '../../guide/src/picture.ts';
import type { Beside } from './beside.ts';
import type { Tab } from './source.ts';

/** Nothing is pinned in the second picture: its pointer follows the one of the first. */
const noPin = { show: () => {}, point: () => {}, click: () => {}, draw: () => {} };

/**
 * The second picture, under the first and on its time axis, and what a query says in both.
 * @param shown  how many seconds the first shows; undefined where there is none yet
 * @returns asks again, at once
 */
export const createSecond = (tab: Tab, shown: () => number | undefined): (() => void) => {
  const place = byId('beside');
  const chart = byId('beside-chart');
  const sides = createSides();
  let drawn: DrawnPicture | undefined;
  let plot: uPlot | undefined;
  let shape = '';
  new ResizeObserver(() => plot?.setSize(sizeOf(chart))).observe(chart);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => plot?.redraw(false, true));

  const draw = (picture: DrawnPicture) => {
    drawn = picture;
    sides.makeRoom(picture, chart);
    if (plot === undefined || shapeOf(picture, chart.clientWidth) !== shape) {
      shape = shapeOf(picture, chart.clientWidth);
      plot?.destroy();
      plot = new uPlot(
        options(picture, chart.clientWidth, () => drawn, noPin, sides),
        tables(picture),
        chart,
      );
      plot.setSize(sizeOf(chart));
    } else plot.setData(tables(picture), false);
    plot.setScale('x', { min: picture.from, max: picture.to });
  };

  /** The learner's query, or the first of the lesson. */
  const query = () => readAddress()?.query ?? tab.stage.step.queries[0]?.expr ?? 'up';

  return poll(
    () => {
      const seconds = shown();
      return seconds === undefined ? undefined : tab.beside(seconds, query());
    },
    1_000,
    {
      onAnswer: (answer) => {
        place.hidden = answer === undefined;
        if (answer === undefined) return;
        draw(answer.picture);
        keep(byId('beside-words'), JSON.stringify([answer.titles, answer.picture.numbers]), () => [
          'Above ',
          element('strong', {}, answer.titles[0]),
          ', below ',
          element('strong', {}, answer.titles[1]),
          answer.picture.numbers.length > 0 ? ': ' : '',
          ...numbers(answer.picture),
        ]);
        keep(byId('beside-answers'), JSON.stringify([answer.query, answer.titles, answer.answers]), () =>
          answersTable(answer),
        );
      },
      onFailure: () => {
        place.hidden = true;
      },
    },
  );
};

const answersTable = ({ query, titles, answers }: Beside) => [
  element(
    'thead',
    {},
    element(
      'tr',
      {},
      element('th', { scope: 'col' }, element('code', {}, query)),
      ...titles.map((each) => element('th', { scope: 'col' }, each)),
    ),
  ),
  element(
    'tbody',
    {},
    ...(answers.length === 0 ? [{ series: 'no series', values: ['', ''] }] : answers).map(({ series, values }) =>
      element(
        'tr',
        {},
        element('th', { scope: 'row' }, series || 'its value'),
        ...values.map((value) => element('td', {}, value ?? 'none')),
      ),
    ),
  ),
];
