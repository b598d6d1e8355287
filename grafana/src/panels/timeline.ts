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
import type { Panel } from '../../../lab/model/panel.ts';
import { colour } from '../field.ts';
import { rangeQueries, refId } from '../source.ts';

/** Without a number of rows to a page Grafana draws a pager below; 0 takes it away, but `perPage` refuses that. */
class OnePage extends PanelBuilder {
  onePage(): this {
    this.internal.options = { ...this.internal.options, perPage: 0 };
    return this;
  }
}

/** A row for each series, a band while it has a value. The row is named at its side, so no band has to hold a word. */
export const timeline = (panel: Panel): PanelBuilder => {
  const builder = new OnePage()
    .onePage()
    .targets(rangeQueries(panel))
    .colorScheme(colour(FieldColorModeId.PaletteClassic))
    .mergeValues(true)
    .showValue(VisibilityMode.Never)
    .alignValue(TimelineValueAlignment.Left)
    .rowHeight(0.8)
    .lineWidth(0)
    .fillOpacity(80)
    .spanNulls(false)
    .legend(noLegend)
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Single));
  panel.targets.forEach(({ colour: fixedColor }, index) => {
    if (fixedColor === undefined) return;
    builder.overrideByQuery(refId(index), [{ id: 'color', value: { mode: FieldColorModeId.Fixed, fixedColor } }]);
  });
  return builder;
};

const noLegend = new VizLegendOptionsBuilder()
  .displayMode(LegendDisplayMode.List)
  .placement(LegendPlacement.Bottom)
  .showLegend(false)
  .calcs([]);
