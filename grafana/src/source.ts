import { DataqueryBuilder, PromQueryFormat, QueryEditorMode } from '@grafana/grafana-foundation-sdk/prometheus';
import type { Panel } from '../../lab/model/panel.ts';

/** The provisioned data source; its uid never changes. */
export const dataSource = { type: 'prometheus', uid: 'lab-prometheus' };

const refIds = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** The name of a query inside its panel: A, B, C … */
export const refId = (index: number): string => refIds[index]!;

const query = ({ expr, legend }: Panel['targets'][number], index: number): DataqueryBuilder =>
  new DataqueryBuilder()
    .refId(refId(index))
    .datasource(dataSource)
    .editorMode(QueryEditorMode.Code)
    .expr(expr)
    .legendFormat(legend);

/** A line through time. No step is given: it follows the data source's, which is the scrape interval. */
export const rangeQueries = ({ targets }: Panel): DataqueryBuilder[] =>
  targets.map((target, index) => query(target, index).range());

/** The value now. */
export const instantQueries = ({ targets }: Panel): DataqueryBuilder[] =>
  targets.map((target, index) => query(target, index).instant());

/** The series that exist now: a row each, a column per label. */
export const tableQueries = (panel: Panel): DataqueryBuilder[] =>
  instantQueries(panel).map((builder) => builder.format(PromQueryFormat.Table));
