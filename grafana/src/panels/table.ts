import { TableCellHeight } from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import type { Panel } from '../../../lab/model/panel.ts';
import { tableQueries } from '../source.ts';

/** What Grafana's table takes, px: its header, and a row at cell height `sm`. */
const headerHeight = 34;
const rowHeight = 36;
export const valueWidth = 60;
/** Less than any name needs, so that columns share the panel's width rather than run out of it. */
const leastWidth = 50;

/** Around what a cell holds, px. */
export const cellPadding = 2 * 6;

/** How high a table with so many rows is, px. */
export const tableHeight = (rows: number): number => headerHeight + rows * rowHeight;

/** Every series that exists now: its labels and its value, in the order in which Prometheus returns them. */
export const table = (panel: Panel): PanelBuilder =>
  new PanelBuilder()
    .targets(tableQueries(panel))
    .showHeader(true)
    .cellHeight(TableCellHeight.Sm)
    .minWidth(leastWidth)
    .overrideByName('value', [{ id: 'custom.width', value: valueWidth }])
    .withTransformation({
      id: 'organize',
      options: {
        excludeByName: { Time: true },
        includeByName: {},
        indexByName: {},
        renameByName: { __name__: 'metric', Value: 'value' },
      },
    });
