import type { Setting } from '../../../lab/settings/setting.ts';
import type { Format } from '../exposition.ts';
import type { Scrape } from '../scrape.ts';
import { wholeSeconds } from '../setting.ts';
import type { World } from '../world.ts';
import { noise } from './noise.ts';

/** `TIMESTAMPS`: how long after the start both gauges stop. */
export const timestampsSetting: Setting<number> = {
  expected: 'how long after the start both gauges stop, from 1s to 1h, such as 30s',
  parse: wholeSeconds,
};

const stream = 5;

/**
 * A temperature, measured at the beginning of each second.
 * @returns degrees Celsius, 20 to 24.99; undefined once the measuring has stopped
 */
export const temperatureAt = (world: World, unixSeconds: number): number | undefined => {
  if (unixSeconds >= world.startedAt + (world.timestampsSeconds ?? 0)) return undefined;
  return Math.floor(2_000 + 500 * noise(world.seed, stream, Math.floor(unixSeconds))) / 100;
};

/** @returns unix seconds at which the temperature that is shown at an instant was measured */
export const measuredAt = (unixSeconds: number): number => Math.floor(unixSeconds);

/** Registers the two gauges. By hand, since prom-client writes no timestamps. */
export const registerTimestamps = ({ world, instant, write }: Scrape): void => {
  if (world.timestampsSeconds === undefined) return;
  write((format) => {
    const celsius = temperatureAt(world, instant());
    if (celsius === undefined) return '';
    const measured = timestamp(format, measuredAt(instant()));
    return (
      gauge('temperature_celsius', 'A simulated temperature.', `${celsius}`) +
      gauge('temperature_stamped_celsius', 'The same with the time at which it was measured.', `${celsius} ${measured}`)
    );
  });
};

const gauge = (name: string, help: string, value: string): string =>
  `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${name} ${value}\n`;

/** Milliseconds in the text format, seconds in OpenMetrics. */
const timestamp = (format: Format, unixSeconds: number): string =>
  format === 'text' ? `${unixSeconds * 1_000}` : `${unixSeconds}`;

/** What `/truth` tells of the two gauges: value and time of measurement at each instant, null once they have stopped. */
export type TimestampsTruth = { stopsAt: number; celsius: (number | null)[]; measuredAt: (number | null)[] };

/** @returns undefined where the instance has no such gauges */
export const timestampsTruth = (world: World, at: readonly number[]): TimestampsTruth | undefined => {
  if (world.timestampsSeconds === undefined) return undefined;
  const celsius = at.map((instant) => temperatureAt(world, instant) ?? null);
  return {
    stopsAt: world.startedAt + world.timestampsSeconds,
    celsius,
    measuredAt: at.map((instant, index) => (celsius[index] === null ? null : measuredAt(instant))),
  };
};
