import { DataqueryBuilder, PromQueryFormat, QueryEditorMode } from '@grafana/grafana-foundation-sdk/prometheus';
import type { Panel } from '../../lab/model/panel.ts';

export type DataSource = { type: string; uid: string };

/** The provisioned data source; its uid never changes. */
export const dataSource: DataSource = { type: 'prometheus', uid: 'lab-prometheus' };

/** The source of a step that is called so, such as `query, dedup=false`; the lab's own Prometheus where none is. */
export const dataSourceOf = (source: string | undefined): DataSource =>
  source === undefined ? dataSource : { type: 'prometheus', uid: `lab-${source.replaceAll(/[^a-z]+/g, '-')}` };

/** Grafana's word for a panel whose queries are asked of several. */
const mixed: DataSource = { type: 'datasource', uid: '-- Mixed --' };

export const panelSource = ({ targets }: Pick<Panel, 'targets'>): DataSource => {
  const names = new Set(targets.map(({ of }) => of));
  return names.size === 1 ? dataSourceOf(targets[0]!.of) : mixed;
};

const refIds = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** The name of a query inside its panel: A, B, C … */
export const refId = (index: number): string => refIds[index]!;

const query = ({ expr, legend, of }: Panel['targets'][number], index: number): DataqueryBuilder =>
  new DataqueryBuilder()
    .refId(refId(index))
    .datasource(dataSourceOf(of))
    .editorMode(QueryEditorMode.Code)
    .expr(expr)
    .legendFormat(legend);

/** What is asked of the lab's own Prometheus for other purposes than a panel's. */
export const rangeQuery = (expr: string): DataqueryBuilder =>
  new DataqueryBuilder().datasource(dataSource).editorMode(QueryEditorMode.Code).expr(expr).range();

/** A line through time. Where no step is given, it follows the data source's, which is the scrape interval. */
export const rangeQueries = ({ targets }: Panel): DataqueryBuilder[] =>
  targets.map((target, index) => query(target, index).range());

/** The value now. */
export const instantQueries = ({ targets }: Panel): DataqueryBuilder[] =>
  targets.map((target, index) => query(target, index).instant());

/** The series that exist now: a row each, a column per label. */
export const tableQueries = (panel: Panel): DataqueryBuilder[] =>
  instantQueries(panel).map((builder) => builder.format(PromQueryFormat.Table));

/** The buckets of a classic histogram, which Grafana sorts by `le` and takes apart: each then counts what is in it alone. */
export const asBuckets = (builders: readonly DataqueryBuilder[]): DataqueryBuilder[] =>
  builders.map((builder) => builder.format(PromQueryFormat.Heatmap));
