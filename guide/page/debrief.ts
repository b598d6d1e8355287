import uPlot from 'uplot';
import type { Debrief, DebriefPicture } from '../../lab/incidents/debrief.ts';
import type { Query } from '../../lab/model/lesson.ts';
import type { Mark } from '../../lab/model/picture.ts';
import type { DrawnPicture } from '../src/picture.ts';
import { element, withCode } from './dom.ts';
import { said } from './judgement.ts';
import { legend } from './legend.ts';
import { options, sizeOf, tables } from './plot.ts';
import { clock } from './words.ts';

/** A query of the learner, at the time of the incident. */
export type Look = { query: string; at?: number; seconds?: number };

/** What is said of each fault once it may be said: drawn on one axis of time, with the queries that show it. */
export const debriefs = (all: readonly Debrief[], onLook: (look: Look) => void): HTMLElement[] =>
  all.map(({ title, facts, picture, queries = [], behind }) =>
    element(
      'section.debrief',
      {},
      said('quiet', title),
      picture && drawing(picture, title),
      element('ul.facts', {}, ...facts.map((fact) => element('li', {}, ...withCode(fact)))),
      queries.length > 0 && element('p', {}, 'Three queries that show it:'),
      element('ul.looks', {}, ...queries.map((query) => look(query, picture, onLook))),
      behind !== undefined && element('p', {}, `Behind it: ${behind}`),
    ),
  );

/** A query, asked at the time that the drawing shows. */
const look = ({ expr, read }: Query, picture: DebriefPicture | undefined, onLook: (look: Look) => void) => {
  const time = picture && { at: Math.ceil(picture.to), seconds: Math.ceil(picture.to - picture.from) };
  const click = () => onLook({ query: expr, ...time });
  return element('li', {}, element('button', { type: 'button', click }, element('code', {}, expr)), ` ${read}`);
};

/** The names of the alerts stand on the right of their lines. */
const sides = { right: () => 118 };
const still = { click: () => {}, draw: () => {}, point: () => {} };

const drawing = (picture: DebriefPicture, title: string): HTMLElement => {
  const drawn = drawnOf(picture);
  const chart = element('div.chart', { role: 'img', 'aria-label': wordsOf(picture, title) });
  const notified = picture.notified.length > 0 && element('li.moment', {}, 'a notification');
  const list = element('ul.legend', {}, ...legend(drawn), notified);
  let plot: uPlot | undefined;
  new ResizeObserver(() => {
    if (plot !== undefined) return plot.setSize(sizeOf(chart));
    plot = new uPlot(
      options(drawn, chart.clientWidth, () => drawn, still, sides),
      tables(drawn),
      chart,
    );
    plot.setSize(sizeOf(chart));
    plot.setScale('x', { min: drawn.from, max: drawn.to });
  }).observe(chart);
  return element('figure', {}, chart, list);
};

/** How much of the height the samples take; alerts have a line each above them. */
const share = 0.55;

const drawnOf = ({ from, to, happened, shown, alerts, notified }: DebriefPicture): DrawnPicture => {
  const samples = shown?.samples ?? [];
  const values = samples.map(([, value]) => value).filter(Number.isFinite);
  const top = Math.max(...values, 1) / share;
  const lowest = Math.min(0, ...values);
  const row = (index: number) => top * (1 - (1 - share) * ((index + 1.5) / (alerts.length + 1.5)));
  return {
    title: '',
    unit: shown?.unit ?? 'count',
    range: [lowest, top],
    from,
    to,
    layers: shown ? [{ name: shown.name, kind: 'samples', colour: 2, isRight: false, samples }] : [],
    marks: [
      { kind: 'band', from: happened[0], to: happened[1], name: 'what happened', tone: 'plain' },
      ...alerts.flatMap(({ name, pendingAt, firedAt = to, endedAt = to }, index): Mark[] => {
        const end = Math.min(endedAt, to);
        const of = { kind: 'span', value: row(index) } as const;
        const pending =
          firedAt > pendingAt
            ? [{ ...of, from: pendingAt, to: Math.min(firedAt, end), name: '', colour: 3 } as const]
            : [];
        return [...pending, { ...of, from: Math.min(firedAt, end), to: end, name, colour: 4 }];
      }),
      ...notified.map((at): Mark => ({ kind: 'moment', at, name: '' })),
    ],
    numbers: [],
    failed: [],
    starts: [],
    startedAt: undefined,
    appliedAt: undefined,
    missing: [],
  };
};

/** The same for whoever does not see it. */
const wordsOf = ({ happened, proved, alerts, notified }: DebriefPicture, title: string): string =>
  [
    title,
    `it happened from ${clock(happened[0])} to ${clock(happened[1])}`,
    ...(proved ? [`samples prove it from ${clock(proved[0])} to ${clock(proved[1])}`] : []),
    ...alerts.map(({ name, pendingAt, firedAt }) =>
      firedAt === undefined ? `${name} was pending from ${clock(pendingAt)}` : `${name} fired from ${clock(firedAt)}`,
    ),
    `${notified.length} notifications arrived`,
  ].join('; ');
