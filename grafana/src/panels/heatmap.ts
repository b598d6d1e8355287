import { HeatmapCellLayout, TooltipDisplayMode, VisibilityMode } from '@grafana/grafana-foundation-sdk/common';
import {
  HeatmapColorMode,
  HeatmapColorOptionsBuilder,
  HeatmapColorScale,
  HeatmapTooltipBuilder,
  PanelBuilder,
  RowsHeatmapOptionsBuilder,
  YAxisConfigBuilder,
} from '@grafana/grafana-foundation-sdk/heatmap';
import type { Panel } from '../../../lab/model/panel.ts';
import { grafanaUnit } from '../field.ts';
import { asBuckets, rangeQueries } from '../source.ts';

/** A classic histogram through time: a row for each bucket, its upper boundary beside it, the fuller the brighter. */
export const heatmap = (panel: Panel): PanelBuilder =>
  new PanelBuilder()
    .targets(asBuckets(rangeQueries(panel)))
    .calculate(false)
    .cellGap(1)
    .showValue(VisibilityMode.Never)
    .rowsFrame(new RowsHeatmapOptionsBuilder().layout(HeatmapCellLayout.Le))
    .yAxis(new YAxisConfigBuilder().unit(grafanaUnit.seconds))
    .color(
      new HeatmapColorOptionsBuilder()
        .mode(HeatmapColorMode.Scheme)
        .scheme('Blues')
        .scale(HeatmapColorScale.Linear)
        .exponent(0.5)
        .fill('dark-blue')
        .steps(16)
        .reverse(false),
    )
    .tooltip(new HeatmapTooltipBuilder().mode(TooltipDisplayMode.Single).yHistogram(false))
    .hideLegend();
