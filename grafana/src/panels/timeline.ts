import {
  LegendDisplayMode,
  LegendPlacement,
  TimelineValueAlignment,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { FieldColorModeId } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import type { Panel } from '../../../experiments/types.ts';
import { colour } from '../field.ts';
import { rangeQueries } from '../source.ts';

/** A band per series, a colour per state; a hole where nothing was stored. */
export const timeline = (panel: Panel): PanelBuilder =>
  new PanelBuilder()
    .targets(rangeQueries(panel))
    // With colours from thresholds the legend would list those and not the names of the states.
    .colorScheme(colour(FieldColorModeId.PaletteClassic))
    .mergeValues(true)
    .showValue(VisibilityMode.Auto)
    .alignValue(TimelineValueAlignment.Left)
    .rowHeight(0.8)
    .lineWidth(0)
    .fillOpacity(80)
    .spanNulls(false)
    .legend(legend(panel.names))
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Single));

/** A short state leaves no room for its name on the band, so the legend tells what the colours are. */
const legend = (names: Panel['names'] = {}): VizLegendOptionsBuilder =>
  new VizLegendOptionsBuilder()
    .displayMode(LegendDisplayMode.List)
    .placement(LegendPlacement.Bottom)
    .showLegend(Object.keys(names).length > 1)
    .calcs([]);
