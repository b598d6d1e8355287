import { Gauge } from 'prom-client';
import type { Instance } from '../instance.ts';
import { scenario } from '../scenario.ts';
import type { Scrape } from '../scrape.ts';
import { wholeSeconds } from '../setting.ts';

/** How often the label `session` has new values, in seconds. */
type Churn = { churnSeconds: number };

/** Values of the label that are shown at one time. */
const churnSeries = 50;

/**
 * The bound: after a hundred generations the label stays as it is. That makes 5 000 series for an instance, and
 * no more after a restart, since the names begin again.
 */
const churnGenerations = 100;

/** @returns which generation of the label is shown, 0 to 99 */
const generationAt = ({ startedAt, churnSeconds }: Instance & Churn, unixSeconds: number): number => {
  const passed = Math.floor((unixSeconds - startedAt) / churnSeconds);
  return Math.min(Math.max(0, passed), churnGenerations - 1);
};

/** Registers the gauge whose label never stays the same. */
const registerChurn = ({ registry, instant }: Scrape, instance: Instance & Churn): void => {
  new Gauge({
    name: 'session_active',
    help: 'Sessions that are open; the value is always 1.',
    labelNames: ['session'],
    registers: [registry],
    collect() {
      this.reset();
      const generation = generationAt(instance, instant());
      for (let index = 1; index <= churnSeries; index += 1) this.set({ session: `${generation}-${index}` }, 1);
    },
  });
};

/** What `/truth` tells of the churn: the generation at each instant, from 0, and when the last one begins. */
type ChurnTruth = {
  everySeconds: number;
  /** values of the label in each generation */
  series: number;
  generations: number;
  generation: number[];
  lastBeginsAt: number;
};

const churnTruth = (instance: Instance & Churn, at: readonly number[]): ChurnTruth => ({
  everySeconds: instance.churnSeconds,
  series: churnSeries,
  generations: churnGenerations,
  generation: at.map((instant) => generationAt(instance, instant)),
  lastBeginsAt: instance.startedAt + instance.churnSeconds * (churnGenerations - 1),
});

export const churn = scenario({
  settings: {
    churnSeconds: {
      variable: 'CHURN',
      expected: 'a duration from 1s to 1h such as 10s',
      parse: wholeSeconds,
      suchAs: '`10s`',
      simulates: `\`session_active{session}\`: ${churnSeries} series with new names every 10 s`,
    },
  },
  simulated: ({ churnSeconds }: Partial<Churn>) => (churnSeconds === undefined ? undefined : 'churn'),
  register: registerChurn,
  truth: (instance, at) => ({ churn: churnTruth(instance, at) }),
  points: () => 2,
  reports: {
    churn: '`everySeconds`, `series`, `generations`, the `generation` at each instant, and `lastBeginsAt`',
  },
});
