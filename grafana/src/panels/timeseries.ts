import {
  GraphDrawStyle,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { type DynamicConfigValue, FieldColorModeId } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import type { Panel } from '../../../lab/model/panel.ts';
import { colour, fixedColour, thresholds } from '../field.ts';
import { instanceColours } from '../instance-colours.ts';
import { rangeQueries, refId } from '../source.ts';

/** How one line of a panel differs from the others. */
const styles: Record<NonNullable<Panel['targets'][number]['style']>, DynamicConfigValue[]> = {
  points: [
    { id: 'custom.showPoints', value: VisibilityMode.Always },
    { id: 'custom.pointSize', value: 6 },
    { id: 'custom.lineWidth', value: 1 },
  ],
  steps: [{ id: 'custom.lineInterpolation', value: 'stepAfter' }],
  wide: [{ id: 'custom.lineWidth', value: 7 }],
  bars: [
    { id: 'custom.drawStyle', value: GraphDrawStyle.Bars },
    { id: 'custom.fillOpacity', value: 80 },
  ],
  dashed: [{ id: 'custom.lineStyle', value: { fill: 'dash', dash: [8, 8] } }],
};

/** Lines with honest gaps: nothing is drawn where nothing was stored. */
export const timeseries = (panel: Panel): PanelBuilder => {
  const { targets, threshold, range, stepSeconds } = panel;
  const builder = new PanelBuilder()
    .targets(rangeQueries(panel))
    .colorScheme(colour(FieldColorModeId.PaletteClassic))
    .lineWidth(2)
    .fillOpacity(0)
    .showPoints(VisibilityMode.Auto)
    .spanNulls(false)
    .legend(legend(panel))
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
  if (range === undefined) builder.axisSoftMin(0);
  if (threshold !== undefined) {
    builder
      .thresholds(thresholds(threshold, 'transparent'))
      .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.LineAndArea));
    // The line has to be on the picture before the first value comes near it.
    if (range === undefined) builder.axisSoftMax(1.5 * threshold);
  }
  if (stepSeconds !== undefined) builder.interval(`${stepSeconds}s`);
  for (const [pattern, name] of instanceColours(targets)) builder.overrideByRegexp(pattern, [fixedColour(name)]);
  targets.forEach(({ style, colour: name }, index) => {
    const properties = [...(style ? styles[style] : []), ...(name ? [fixedColour(name)] : [])];
    if (properties.length > 0) builder.overrideByQuery(refId(index), properties);
  });
  return builder;
};

/** A single line needs no legend, since the title says what it is, unless its newest value is to be read. */
const legend = ({ targets, lastValue = false }: Panel): VizLegendOptionsBuilder => {
  const isSingleLine = targets.length === 1 && !targets[0]!.legend.includes('{{');
  return new VizLegendOptionsBuilder()
    .displayMode(LegendDisplayMode.List)
    .placement(LegendPlacement.Bottom)
    .showLegend(!isSingleLine || lastValue)
    .calcs(lastValue ? ['lastNotNull'] : []);
};
