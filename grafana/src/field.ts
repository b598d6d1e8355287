import type { DynamicConfigValue, FieldColorModeId, ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import {
  FieldColorBuilder,
  MappingType,
  FieldColorModeId as Mode,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import * as units from '@grafana/grafana-foundation-sdk/units';
import type { Colour, Unit, ValueNames } from '../../lab/model/panel.ts';

/**
 * What Grafana calls the units of the catalogue. Of what it has for seconds and for counts, the one turns 100 s into
 * "1.67 mins" and the other 1,500 into "1.50 K", while every verdict says seconds and whole numbers.
 */
export const grafanaUnit: Record<Unit, string> = {
  percent: units.Percent,
  ratio: units.PercentUnit,
  'requests per second': units.RequestsPerSecond,
  'per second': 'suffix:/s',
  seconds: 'suffix:s',
  celsius: units.Celsius,
  cores: 'suffix:cores',
  count: units.LocaleFormat,
  spikes: 'suffix:spikes',
  bytes: units.BytesIEC,
  state: units.NoUnit,
};

/** Grafana knows all of them by name but one. */
export const grafanaColour = (colour: Colour): string => (colour === 'grey' ? '#808080' : colour);

export const colour = (mode: FieldColorModeId): FieldColorBuilder => new FieldColorBuilder().mode(mode);

/** One colour for a line, whatever its place among the others is. */
export const fixedColour = (name: Colour): DynamicConfigValue => ({
  id: 'color',
  value: { mode: Mode.Fixed, fixedColor: grafanaColour(name) },
});

/** One level, red from it on. Below it an area is `transparent` and a figure has the colour of `text`. */
export const thresholds = (level: number, below: 'transparent' | 'text'): ThresholdsConfigBuilder =>
  new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([
    { value: null, color: below },
    { value: level, color: 'red' },
  ]);

/** Text and colour for the values that have a name, such as 1 for up. */
export const mappings = (names: ValueNames): ValueMapping[] => [
  {
    type: MappingType.ValueToText,
    options: Object.fromEntries(
      Object.entries(names).map(([value, { text, colour: color }], index) => [
        value,
        { text, color: grafanaColour(color), index },
      ]),
    ),
  },
];
