import type { World, WorldSeries } from '../model/exercise.ts';
import { instanceName, job } from '../model/metrics.ts';
import { counter, steps } from './world.ts';

/** Worlds that distinguish the common slips: a window of another length, a function for gauges, a count that is fixed. */

/** The second at which these worlds are asked: all their windows, and what is before them, lie after 0. */
export const asked = 3_600;

/** @param instance  1 is the exporter that is always there */
export const seriesOf = (
  name: string,
  value: number | string,
  labels: Readonly<Record<string, string>> = {},
  instance = 1,
): WorldSeries => ({
  labels: { __name__: name, job, instance: instanceName(instance), ...labels },
  value: String(value),
});

/**
 * A counter whose rate was another before half of the window, before the window, and before twice the window.
 * @param most  its fastest rate, per second
 */
export const uneven = (windowSeconds: number, most: number): string =>
  counter([
    [0, most],
    [asked - 2 * windowSeconds - 2, 0.6 * most],
    [asked - windowSeconds - 2, 0.3 * most],
    [asked - windowSeconds / 2, 0.1 * most],
  ]);

/** A counter whose process restarted in the middle of the window. @param rate  per second */
export const restarted = (windowSeconds: number, rate: number): string =>
  counter([[0, rate]], asked - windowSeconds / 2);

/** A gauge whose mean was another before half of the window, before the window, and before twice the window. */
export const unevenGauge = (windowSeconds: number, most: number): string =>
  steps(
    [0, most],
    [asked - 2 * windowSeconds, 0.6 * most],
    [asked - windowSeconds, 0.3 * most],
    [asked - windowSeconds / 2, 0.1 * most],
  );

/**
 * What a rate or an increase of the exporter's counter has to stand.
 * @param most  its fastest rate, per second
 */
export const counterWorlds = (name: string, windowSeconds: number, most: number): World[] => [
  restartWorld(name, windowSeconds, most),
  {
    where: 'where the rate changed within the window and before it',
    series: [seriesOf(name, uneven(windowSeconds, most))],
    at: [asked],
    tolerance: 0.05,
  },
];

export const restartWorld = (name: string, windowSeconds: number, rate: number): World => ({
  where: 'where the exporter restarted in the window',
  series: [seriesOf(name, restarted(windowSeconds, rate))],
  at: [asked],
  // The restart loses what was counted since the last sample before it.
  tolerance: 0.1,
});
