import type { Panel } from '../../../lab/model/panel.ts';
import { grafanaUnit, mappings } from '../field.ts';
import { dataSource } from '../source.ts';
import { stat } from './stat.ts';
import { table } from './table.ts';
import type { text } from './text.ts';
import { timeline } from './timeline.ts';
import { timeseries } from './timeseries.ts';

const kinds = { timeseries, stat, timeline, table };

export type Builder = ReturnType<(typeof kinds)[Panel['kind']] | typeof text>;

/** Turns a panel of the catalogue into Grafana's. Its place and its number come later. */
export const panelBuilder = (panel: Panel): Builder => {
  const { title, description, kind, unit, range, names } = panel;
  const builder: Builder = kinds[kind](panel).title(title).datasource(dataSource).unit(grafanaUnit[unit]);
  if (description !== undefined) builder.description(description);
  if (range !== undefined) builder.min(range[0]).max(range[1]);
  if (names !== undefined) builder.mappings(mappings(names));
  return builder;
};
