import type { Panel } from '../../../lab/model/panel.ts';
import { grafanaUnit, mappings } from '../field.ts';
import { panelSource } from '../source.ts';
import { buckets } from './buckets.ts';
import { heatmap } from './heatmap.ts';
import { stat } from './stat.ts';
import { table } from './table.ts';
import type { text } from './text.ts';
import { timeline } from './timeline.ts';
import { timeseries } from './timeseries.ts';

const kinds = { timeseries, stat, timeline, table, buckets, heatmap };

export type Builder = ReturnType<(typeof kinds)[Panel['kind']] | typeof text>;

/**
 * Turns a panel of the catalogue into Grafana's. Its place and its number come later.
 * @param noValue  what it says where its queries return nothing
 */
export const panelBuilder = (panel: Panel, noValue: string): Builder => {
  const { title, description, kind, unit, range, names, decimals } = panel;
  const builder: Builder = kinds[kind](panel)
    .title(title)
    .datasource(panelSource(panel))
    .unit(grafanaUnit[unit])
    .noValue(noValue);
  if (description !== undefined) builder.description(description);
  if (decimals !== undefined) builder.decimals(decimals);
  if (range !== undefined) builder.min(range[0]).max(range[1]);
  if (names !== undefined) builder.mappings(mappings(names));
  return builder;
};
