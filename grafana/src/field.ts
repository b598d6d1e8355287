import type { FieldColorModeId, ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import {
  FieldColorBuilder,
  MappingType,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import * as units from '@grafana/grafana-foundation-sdk/units';
import type { Panel, Unit } from '../../lab/model/panel.ts';

/** What Grafana calls the units of the catalogue. */
export const grafanaUnit: Record<Unit, string> = {
  percent: units.Percent,
  ratio: units.PercentUnit,
  'requests per second': units.RequestsPerSecond,
  seconds: units.Seconds,
  count: units.Short,
  spikes: 'suffix:spikes',
  bytes: units.BytesIEC,
  state: units.NoUnit,
};

export const colour = (mode: FieldColorModeId): FieldColorBuilder => new FieldColorBuilder().mode(mode);

/** One level, red from it on. Below it an area is `transparent` and a figure has the colour of `text`. */
export const thresholds = (level: number, below: 'transparent' | 'text'): ThresholdsConfigBuilder =>
  new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([
    { value: null, color: below },
    { value: level, color: 'red' },
  ]);

/** Text and colour for the values that have a name, such as 1 for up. */
export const mappings = (names: NonNullable<Panel['names']>): ValueMapping[] => [
  {
    type: MappingType.ValueToText,
    options: Object.fromEntries(
      Object.entries(names).map(([value, { text, colour: color }], index) => [value, { text, color, index }]),
    ),
  },
];
