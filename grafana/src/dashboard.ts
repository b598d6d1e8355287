import {
  AnnotationQueryBuilder,
  AnnotationQueryPlacement,
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkPlacement,
  DashboardLinkType,
  TimePickerBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Panel } from '../../lab/model/panel.ts';
import { flow } from './flow.ts';
import { columns, places, type Size } from './grid.ts';
import { type Builder, panelBuilder } from './panels/panel.ts';
import { text } from './panels/text.ts';
import { neverEmpty } from './panels/timeline.ts';
import { contentRoom, rowsFor } from './room.ts';
import { dataSource, rangeQuery } from './source.ts';

export const labTag = 'prometheus-lab';
export const experimentTag = 'experiment';

/** Markdown over the full width. */
export type Words = { title?: string; markdown: string };
export type Link = { title: string; dashboard: string; tooltip: string };

export type Page = {
  uid: string;
  title: string;
  description: string;
  tags: readonly string[];
  lookBack: string;
  /** the make target of what it shows */
  command: string;
  links: readonly Link[];
  /** one or two lines above the pictures */
  heading: string;
  panels: readonly Panel[];
  /** below the pictures */
  words: readonly Words[];
};

/**
 * The finished dashboard, as plain data that may be kept and compared.
 * @param guide  where a browser finds the guide
 */
export const dashboard = (page: Page, guide: string): Dashboard => {
  const builder = new DashboardBuilder(page.title)
    .uid(page.uid)
    .description(page.description)
    .tags([...page.tags])
    // The checks say times in UTC; a picture in another zone would be hard to compare.
    .timezone('utc')
    .tooltip(DashboardCursorSync.Crosshair)
    .refresh('5s')
    .time({ from: `now-${page.lookBack}`, to: 'now' })
    .timepicker(new TimePickerBuilder().refreshIntervals(['1s', '5s', '10s', '30s', '1m']))
    .variables([])
    .annotations([starts])
    .links([...page.links.map(linkTo), linkToGuide(guide), linkToAll]);
  const parts = [
    wordsOf({ markdown: page.heading }),
    ...page.panels.map((panel) => pictureOf(panel, page)),
    ...page.words.map(wordsOf),
  ];
  places(parts.map(({ size }) => size)).forEach((place, index) => {
    builder.withPanel(parts[index]!.builder.id(index + 1).gridPos(place));
  });
  return plain(builder.build());
};

type Part = { builder: Builder; size: Size };

/** What a picture says before there is anything to show. */
export const nothingYet = ({ command }: Pick<Page, 'command'>): string => `Nothing yet: make ${command}`;

const pictureOf = (panel: Panel, page: Page): Part => {
  const words = nothingYet(page);
  return { builder: panelBuilder(neverEmpty(panel, words, page.lookBack), words), size: panel };
};

/** As high as its words are. */
const wordsOf = ({ title, markdown }: Words): Part => {
  const room = contentRoom({ width: columns, height: 1 });
  const height = rowsFor(flow(markdown, room.width).height, title !== undefined);
  return { builder: text(title, markdown), size: { width: columns, height } };
};

const linkTo = ({ title, dashboard: uid, tooltip }: Link): DashboardLinkBuilder =>
  new DashboardLinkBuilder(title).type(DashboardLinkType.Link).url(`/d/${uid}`).tooltip(tooltip).icon('dashboard');

/** Where the guide is by default. Where a lab has it elsewhere, grafana/entrypoint.sh or main.ts fills that in. */
export const guideAddress = 'http://localhost:8080';

const linkToGuide = (guide: string): DashboardLinkBuilder =>
  new DashboardLinkBuilder('Guide')
    .type(DashboardLinkType.Link)
    .url(guide)
    .tooltip('The page of the lesson that is on: what really happened beside what was stored, and your turn')
    .icon('doc')
    .targetBlank(true);

/**
 * A mark in every picture where the exporter or Prometheus began: there an experiment did, or something was restarted.
 * The value is the time itself, so the mark is right at any scrape interval.
 */
const starts = new AnnotationQueryBuilder()
  .name('Starts')
  .datasource(dataSource)
  .enable(true)
  // Its switch would take a row above the pictures.
  .hide(true)
  .iconColor('purple')
  // Grafana asks its target alone; an `expr` beside it is of versions before.
  .target(
    rangeQuery('1000 * max by (job) (process_start_time_seconds{job=~"my_app|prometheus"})')
      .refId('Starts')
      .interval('5s'),
  )
  .useValueForTime(true)
  .titleFormat('{{job}} began')
  .textFormat('An experiment, or a restart')
  .tagKeys('job');

const linkToAll = new DashboardLinkBuilder('Experiments')
  .type(DashboardLinkType.Dashboards)
  .url('')
  .tags([experimentTag])
  .asDropdown(true);

/**
 * `build()` returns the builder's own object, which does not survive `structuredClone`: JSON it is.
 * The SDK puts every link and every annotation into a menu where nobody looks; without that key they are in plain sight.
 */
const plain = (built: Dashboard): Dashboard =>
  JSON.parse(JSON.stringify(built, (_, value) => (isInMenu(value) ? undefined : value)));

const isInMenu = (value: unknown): boolean =>
  value === DashboardLinkPlacement.InControlsMenu || value === AnnotationQueryPlacement.InControlsMenu;
