import { noise } from '../../../lab/chance/noise.ts';
import type { Format } from '../exposition.ts';
import type { Instance } from '../instance.ts';
import { scenario } from '../scenario.ts';
import type { Scrape } from '../scrape.ts';
import { boundsOf, type Episode, episode, wholeSeconds } from '../setting.ts';

/** When both gauges end, so long after the start; or when they are stuck. */
type Timestamps = { timestamps: { afterSeconds: number } | { stuck: Episode } };

const parseTimestamps = (text: string): Timestamps['timestamps'] | undefined => {
  const [afterSeconds, stuck] = [wholeSeconds(text), episode(text)];
  if (stuck !== undefined) return { stuck };
  return afterSeconds === undefined ? undefined : { afterSeconds };
};

const stream = 5;

/**
 * A temperature, measured at the beginning of each second.
 * @returns degrees Celsius, 20 to 24.99; undefined once the measuring has stopped
 */
const temperatureAt = (instance: Instance & Timestamps, unixSeconds: number): number | undefined => {
  if (unixSeconds >= stopsAt(instance)) return undefined;
  return Math.floor(2_000 + 500 * noise(instance.seed, stream, measuredAt(instance, unixSeconds))) / 100;
};

const stopsAt = ({ startedAt, timestamps }: Instance & Timestamps): number =>
  'stuck' in timestamps ? Number.POSITIVE_INFINITY : startedAt + timestamps.afterSeconds;

/** @returns unix seconds at which the temperature that is shown at an instant was measured */
const measuredAt = (instance: Instance & Timestamps, unixSeconds: number): number => {
  const { from, to } = stuckOf(instance) ?? { from: 0, to: 0 };
  return Math.floor(unixSeconds >= from && unixSeconds < to ? from : unixSeconds);
};

const stuckOf = (instance: Instance & Timestamps): { from: number; to: number } | undefined =>
  'stuck' in instance.timestamps ? boundsOf(instance, instance.timestamps.stuck) : undefined;

/** Registers the two gauges. By hand, since prom-client writes no timestamps. */
const registerTimestamps = ({ instant, write }: Scrape, instance: Instance & Timestamps): void => {
  write((format) => {
    const celsius = temperatureAt(instance, instant());
    if (celsius === undefined) return '';
    const measured = timestamp(format, measuredAt(instance, instant()));
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

/** What `/truth` reports of the two gauges: value and time of measurement at each instant, null once they have stopped. */
type TimestampsTruth = {
  /** nothing is measured from then on */
  stopsAt: number;
  /** but again from here on, where they are only stuck meanwhile */
  resumesAt?: number;
  celsius: (number | null)[];
  measuredAt: (number | null)[];
};

const timestampsTruth = (instance: Instance & Timestamps, at: readonly number[]): TimestampsTruth => {
  const celsius = at.map((instant) => temperatureAt(instance, instant) ?? null);
  const stuck = stuckOf(instance);
  return {
    stopsAt: stuck?.from ?? stopsAt(instance),
    ...(stuck && { resumesAt: stuck.to }),
    celsius,
    measuredAt: at.map((instant, index) => (celsius[index] === null ? null : measuredAt(instance, instant))),
  };
};

export const timestamps = scenario({
  settings: {
    timestamps: {
      variable: 'TIMESTAMPS',
      expected:
        'how long after the start both gauges stop, from 1s to 1h, such as 30s, or when they are stuck, such as 40s@20s',
      parse: parseTimestamps,
      suchAs: '`30s` or `40s@20s`',
      simulates:
        '`temperature_celsius` and, exposed with its own timestamps, `temperature_stamped_celsius`; both stop 30 s after the start, or show what was measured last for 40 s, from 20 s after the start on',
    },
  },
  simulated: ({ timestamps }: Partial<Timestamps>) => timestamps && 'timestamps',
  register: registerTimestamps,
  truth: (instance, at) => ({ timestamps: timestampsTruth(instance, at) }),
  points: () => 2,
  reports: {
    timestamps:
      '`stopsAt`, `resumesAt` where they are stuck meanwhile, `celsius` and `measuredAt`, null once they have stopped',
  },
});
