import { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import type { Panel } from '../../../experiments/types.ts';
import { tableQueries } from '../source.ts';

/** Every series that exists now: its labels and its value, in the order in which Prometheus returns them. */
export const table = (panel: Panel): PanelBuilder =>
  new PanelBuilder()
    .targets(tableQueries(panel))
    .showHeader(true)
    .withTransformation({
      id: 'organize',
      options: {
        excludeByName: { Time: true },
        includeByName: {},
        indexByName: {},
        renameByName: { __name__: 'metric', Value: 'value' },
      },
    });
