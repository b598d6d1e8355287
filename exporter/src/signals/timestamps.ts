import { noise } from '../../../lab/chance/noise.ts';
import type { Format } from '../exposition.ts';
import type { Instance } from '../instance.ts';
import { scenario } from '../scenario.ts';
import type { Scrape } from '../scrape.ts';
import { wholeSeconds } from '../setting.ts';

/** How long after the start both gauges stop, in seconds. */
type Timestamps = { timestampsSeconds: number };

const stream = 5;

/**
 * A temperature, measured at the beginning of each second.
 * @returns degrees Celsius, 20 to 24.99; undefined once the measuring has stopped
 */
const temperatureAt = (instance: Instance & Timestamps, unixSeconds: number): number | undefined => {
  if (unixSeconds >= instance.startedAt + instance.timestampsSeconds) return undefined;
  return Math.floor(2_000 + 500 * noise(instance.seed, stream, Math.floor(unixSeconds))) / 100;
};

/** @returns unix seconds at which the temperature that is shown at an instant was measured */
const measuredAt = (unixSeconds: number): number => Math.floor(unixSeconds);

/** Registers the two gauges. By hand, since prom-client writes no timestamps. */
const registerTimestamps = ({ instant, write }: Scrape, instance: Instance & Timestamps): void => {
  write((format) => {
    const celsius = temperatureAt(instance, instant());
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
type TimestampsTruth = { stopsAt: number; celsius: (number | null)[]; measuredAt: (number | null)[] };

const timestampsTruth = (instance: Instance & Timestamps, at: readonly number[]): TimestampsTruth => {
  const celsius = at.map((instant) => temperatureAt(instance, instant) ?? null);
  return {
    stopsAt: instance.startedAt + instance.timestampsSeconds,
    celsius,
    measuredAt: at.map((instant, index) => (celsius[index] === null ? null : measuredAt(instant))),
  };
};

export const timestamps = scenario({
  settings: {
    timestampsSeconds: {
      variable: 'TIMESTAMPS',
      expected: 'how long after the start both gauges stop, from 1s to 1h, such as 30s',
      parse: wholeSeconds,
      suchAs: '`30s`',
      simulates:
        '`temperature_celsius` and, exposed with its own timestamps, `temperature_stamped_celsius`; both stop 30 s after the start',
    },
  },
  simulated: ({ timestampsSeconds }: Partial<Timestamps>) =>
    timestampsSeconds === undefined ? undefined : 'timestamps',
  register: registerTimestamps,
  truth: (instance, at) => ({ timestamps: timestampsTruth(instance, at) }),
  points: () => 2,
  reports: { timestamps: '`stopsAt`, `celsius` and `measuredAt`, null once they have stopped' },
});
