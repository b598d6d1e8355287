import { Gauge } from 'prom-client';
import type { Setting } from '../../../lab/settings/setting.ts';
import type { Scrape } from '../scrape.ts';
import { wholeSeconds } from '../setting.ts';
import type { World } from '../world.ts';

/** `CHURN`: how often the label `session` has new values. */
export const churnSetting: Setting<number> = {
  expected: 'a duration from 1s to 1h such as 10s',
  parse: wholeSeconds,
};

/** Values of the label that are shown at one time. */
export const churnSeries = 50;

/**
 * The bound: after a hundred generations the label stays as it is. That makes 5 000 series for an instance, and
 * no more after a restart, since the names begin again.
 */
export const churnGenerations = 100;

/** @returns which generation of the label is shown, 0 to 99 */
export const generationAt = (world: World, unixSeconds: number): number => {
  const passed = Math.floor((unixSeconds - world.startedAt) / (world.churnSeconds ?? Number.POSITIVE_INFINITY));
  return Math.min(Math.max(0, passed), churnGenerations - 1);
};

/** Registers the gauge whose label never stays the same. */
export const registerChurn = ({ registry, world, instant }: Scrape): void => {
  if (world.churnSeconds === undefined) return;
  new Gauge({
    name: 'session_active',
    help: 'Sessions that are open; the value is always 1.',
    labelNames: ['session'],
    registers: [registry],
    collect() {
      this.reset();
      const generation = generationAt(world, instant());
      for (let index = 1; index <= churnSeries; index += 1) this.set({ session: `${generation}-${index}` }, 1);
    },
  });
};

/** What `/truth` tells of the churn: the generation at each instant, from 0, and when the last one begins. */
export type ChurnTruth = {
  everySeconds: number;
  /** values of the label in each generation */
  series: number;
  generations: number;
  generation: number[];
  lastBeginsAt: number;
};

/** @returns undefined where the instance has no churn */
export const churnTruth = (world: World, at: readonly number[]): ChurnTruth | undefined => {
  if (world.churnSeconds === undefined) return undefined;
  return {
    everySeconds: world.churnSeconds,
    series: churnSeries,
    generations: churnGenerations,
    generation: at.map((instant) => generationAt(world, instant)),
    lastBeginsAt: world.startedAt + world.churnSeconds * (churnGenerations - 1),
  };
};
