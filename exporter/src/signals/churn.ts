import { Gauge } from 'prom-client';
import type { Instance } from '../instance.ts';
import { scenario } from '../scenario.ts';
import type { Scrape } from '../scrape.ts';
import { boundsOf, type Episode, episode, wholeSeconds } from '../setting.ts';

/** How often the label `session` has new values: always, or for a while. */
type Churn = { churn: { everySeconds: number; during?: Episode } };

const parseChurn = (text: string): Churn['churn'] | undefined => {
  const [every = '', when, ...rest] = text.split(':');
  const everySeconds = wholeSeconds(every);
  if (everySeconds === undefined || rest.length > 0) return undefined;
  if (when === undefined) return { everySeconds };
  const during = episode(when);
  return during && { everySeconds, during };
};

/** Values of the label that are shown at one time. */
const churnSeries = 50;

/**
 * The bound: after a hundred generations the label stays as it is. That makes 5 000 series for an instance, and
 * no more after a restart, since the names begin again.
 */
const churnGenerations = 100;

/** @returns which generation of the label is shown, 0 to 99 */
const generationAt = (instance: Instance & Churn, unixSeconds: number): number => {
  const { from, to } = churningOf(instance);
  const since = Math.min(unixSeconds, to) - from;
  return since < 0 ? 0 : Math.min(Math.floor(since / instance.churn.everySeconds) + 1, churnGenerations - 1);
};

/** @returns when generation 1 begins, and from when on there is no new one: unix seconds */
const churningOf = (instance: Instance & Churn): { from: number; to: number } => {
  const { everySeconds, during } = instance.churn;
  // The instant of its end is over: no generation begins in it.
  if (during !== undefined) return { from: boundsOf(instance, during).from, to: boundsOf(instance, during).to - 0.001 };
  return { from: instance.startedAt + everySeconds, to: Number.POSITIVE_INFINITY };
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

/** What `/truth` reports of the churn: the generation at each instant, from 0, and when the last one begins. */
type ChurnTruth = {
  everySeconds: number;
  /** values of the label in each generation */
  series: number;
  generations: number;
  generation: number[];
  lastBeginsAt: number;
};

const churnTruth = (instance: Instance & Churn, at: readonly number[]): ChurnTruth => {
  const { everySeconds } = instance.churn;
  const { from, to } = churningOf(instance);
  const last = generationAt(instance, Math.min(to, from + everySeconds * (churnGenerations - 2)));
  return {
    everySeconds,
    series: churnSeries,
    generations: last + 1,
    generation: at.map((instant) => generationAt(instance, instant)),
    lastBeginsAt: from + everySeconds * (last - 1),
  };
};

export const churn = scenario({
  settings: {
    churn: {
      variable: 'CHURN',
      expected: 'a duration from 1s to 1h such as 10s, or one and when, such as 2s:40s@20s',
      parse: parseChurn,
      suchAs: '`10s` or `2s:40s@20s`',
      simulates: `\`session_active{session}\`: ${churnSeries} series with new names every 10 s; or every 2 s for 40 s, from 20 s after the start on`,
    },
  },
  simulated: ({ churn }: Partial<Churn>) => churn && 'churn',
  register: registerChurn,
  truth: (instance, at) => ({ churn: churnTruth(instance, at) }),
  points: () => 2,
  reports: {
    churn: '`everySeconds`, `series`, `generations`, the `generation` at each instant, and `lastBeginsAt`',
  },
});
