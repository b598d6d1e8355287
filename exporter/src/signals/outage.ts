import { Gauge } from 'prom-client';
import type { Instance } from '../instance.ts';
import { scenario } from '../scenario.ts';
import { wholeSeconds } from '../setting.ts';

/** Two dependencies fail with the start: the cache comes back after so long, the database does not. */
type Outage = { outageSeconds: number };

const dependencies = ['database', 'cache'] as const;

/** @returns 1 while a dependency answers, 0 while it is down, as `up` does */
const isUpAt = (
  { startedAt, outageSeconds }: Instance & Outage,
  dependency: (typeof dependencies)[number],
  unixSeconds: number,
): 0 | 1 => (dependency === 'cache' && unixSeconds >= startedAt + outageSeconds ? 1 : 0);

export const outage = scenario({
  settings: {
    outageSeconds: {
      variable: 'OUTAGE',
      expected: 'how long the cache is down after the start, from 1s to 1h, such as 15s',
      parse: wholeSeconds,
      suchAs: '`15s`',
      simulates: '`dependency_up{dependency}`: the cache is down for the first 15 s, the database all the time',
    },
  },
  simulated: ({ outageSeconds }: Partial<Outage>) => (outageSeconds === undefined ? undefined : 'outage'),
  register: ({ registry, instant }, instance) => {
    new Gauge({
      name: 'dependency_up',
      help: 'Whether something that the service needs answers: 1 or 0.',
      labelNames: ['dependency'],
      registers: [registry],
      collect() {
        for (const dependency of dependencies) this.set({ dependency }, isUpAt(instance, dependency, instant()));
      },
    });
  },
  truth: (instance, at) => ({
    outage: Object.fromEntries(
      dependencies.map((dependency) => [dependency, at.map((instant) => isUpAt(instance, dependency, instant))]),
    ) as Record<(typeof dependencies)[number], number[]>,
  }),
  points: () => dependencies.length,
  reports: { outage: 'of each dependency whether it answers, 1 or 0, at each instant' },
});
