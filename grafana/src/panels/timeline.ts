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
import { legendHeight } from '../room.ts';
import { rangeQueries } from '../source.ts';

/** Without a number of rows to a page Grafana draws a pager below; 0 takes it away, but `perPage` refuses that. */
class OnePage extends PanelBuilder {
  onePage(): this {
    this.internal.options = { ...this.internal.options, perPage: 0 };
    return this;
  }
}

/** Below it the name of a row is cut, px; the axis of time and the names of the states take the others. */
const rowHeight = 20;
const timeAxis = 25;

/** How high a timeline with so many rows is, px. */
export const timelineHeight = (rows: number): number => rowHeight * rows + timeAxis + legendHeight(1);

/** A row for each series: who it is at its side, its state as the colour of the band, and what that is below. */
export const timeline = (panel: Panel): PanelBuilder =>
  new OnePage()
    .onePage()
    .targets(rangeQueries(panel))
    // By thresholds, which are the default, a state has no colour of its own in the legend.
    .colorScheme(colour(FieldColorModeId.PaletteClassic))
    .mergeValues(true)
    .showValue(VisibilityMode.Never)
    .alignValue(TimelineValueAlignment.Left)
    .rowHeight(0.8)
    .lineWidth(0)
    .fillOpacity(80)
    .spanNulls(false)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(true)
        .calcs([]),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Single));

/** The value of the row that a timeline without any series has. */
const nothing = -1;

/**
 * A timeline that always has an answer: without any series Grafana says "Data does not have a time field". The row is
 * there where nothing else was in the whole time that is shown, and nowhere else.
 * @param words     what it says
 * @param lookBack  how far back the dashboard looks
 */
export const neverEmpty = (panel: Panel, words: string, lookBack: string): Panel => {
  if (panel.kind !== 'timeline') return panel;
  const any = panel.targets.map(({ expr }) => `(${expr})`).join(' or ');
  const expr = `${nothing} * absent_over_time((${any})[${lookBack}:15s] @ end())`;
  const names = { ...panel.names, [nothing]: { text: 'nothing yet', colour: 'grey' as const } };
  return { ...panel, targets: [...panel.targets, { expr, legend: words }], names };
};
