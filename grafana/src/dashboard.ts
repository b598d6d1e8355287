import {
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
import { contentRoom, rowsFor } from './room.ts';

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
  links: readonly Link[];
  /** one or two lines above the pictures */
  heading: string;
  panels: readonly Panel[];
  /** below the pictures */
  words: readonly Words[];
};

/** The finished dashboard, as plain data that may be kept and compared. */
export const dashboard = (page: Page): Dashboard => {
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
    .annotations([])
    .links([...page.links.map(linkTo), linkToAll]);
  const parts = [wordsOf({ markdown: page.heading }), ...page.panels.map(pictureOf), ...page.words.map(wordsOf)];
  places(parts.map(({ size }) => size)).forEach((place, index) => {
    builder.withPanel(parts[index]!.builder.id(index + 1).gridPos(place));
  });
  return plain(builder.build());
};

type Part = { builder: Builder; size: Size };

const pictureOf = (panel: Panel): Part => ({ builder: panelBuilder(panel), size: panel });

/** As high as its words are. */
const wordsOf = ({ title, markdown }: Words): Part => {
  const room = contentRoom({ width: columns, height: 1 });
  const height = rowsFor(flow(markdown, room.width).height, title !== undefined);
  return { builder: text(title, markdown), size: { width: columns, height } };
};

const linkTo = ({ title, dashboard: uid, tooltip }: Link): DashboardLinkBuilder =>
  new DashboardLinkBuilder(title).type(DashboardLinkType.Link).url(`/d/${uid}`).tooltip(tooltip).icon('dashboard');

const linkToAll = new DashboardLinkBuilder('Experiments')
  .type(DashboardLinkType.Dashboards)
  .url('')
  .tags([experimentTag])
  .asDropdown(true);

/**
 * `build()` returns the builder's own object, which does not survive `structuredClone`: JSON it is.
 * The SDK puts every link into a menu where nobody looks; without that key it is in plain sight.
 */
const plain = (built: Dashboard): Dashboard =>
  JSON.parse(
    JSON.stringify(built, (_, value) => (value === DashboardLinkPlacement.InControlsMenu ? undefined : value)),
  );
