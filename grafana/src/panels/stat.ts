import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  ReduceDataOptionsBuilder,
  VizTextDisplayOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import type { Panel } from '../../../lab/model/panel.ts';
import { thresholds } from '../field.ts';
import { instantQueries } from '../source.ts';

/** Figures of now, with their names where there are several. No sparkline: an instant query has no past. */
export const stat = (panel: Panel): PanelBuilder => {
  const builder = new PanelBuilder()
    .targets(instantQueries(panel))
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields('').values(false))
    .textMode(isOfSeveral(panel) ? BigValueTextMode.ValueAndName : BigValueTextMode.Value)
    .graphMode(BigValueGraphMode.None)
    .colorMode(colorMode(panel))
    .wideLayout(true);
  // Left to itself Grafana fills the panel with the figures, and writes their names beside them at 8 px.
  if (isOfSeveral(panel)) builder.text(new VizTextDisplayOptionsBuilder().titleSize(16).valueSize(40));
  if (panel.threshold !== undefined) builder.thresholds(thresholds(panel.threshold, 'text'));
  return builder;
};

const isOfSeveral = ({ targets }: Panel): boolean => targets.length > 1 || targets[0]!.legend.includes('{{');

const colorMode = ({ names, threshold }: Panel): BigValueColorMode => {
  if (names !== undefined) return BigValueColorMode.BackgroundSolid;
  return threshold === undefined ? BigValueColorMode.None : BigValueColorMode.Value;
};
