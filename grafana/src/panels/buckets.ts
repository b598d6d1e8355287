import { PanelBuilder } from '@grafana/grafana-foundation-sdk/bargauge';
import {
  BarGaugeDisplayMode,
  BarGaugeNamePlacement,
  BarGaugeValueMode,
  ReduceDataOptionsBuilder,
  VizOrientation,
} from '@grafana/grafana-foundation-sdk/common';
import { FieldColorModeId } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Panel } from '../../../lab/model/panel.ts';
import { colour } from '../field.ts';
import { asBuckets, instantQueries } from '../source.ts';

/** A classic histogram as it is now: a bar for each bucket, the lowest on the left, its upper boundary below it. */
export const buckets = (panel: Panel): PanelBuilder =>
  new PanelBuilder()
    .targets(asBuckets(instantQueries(panel)))
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields('').values(false))
    .orientation(VizOrientation.Vertical)
    .displayMode(BarGaugeDisplayMode.Basic)
    .valueMode(BarGaugeValueMode.Text)
    .namePlacement(BarGaugeNamePlacement.Auto)
    .showUnfilled(true)
    .min(0)
    .colorScheme(colour(FieldColorModeId.Fixed).fixedColor('blue'));
