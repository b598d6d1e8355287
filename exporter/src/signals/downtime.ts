import { Counter } from 'prom-client';
import { listOf } from '../../../lab/settings/setting.ts';
import type { Instance } from '../instance.ts';
import { scenario } from '../scenario.ts';
import { boundsOf, type Episode, episode } from '../setting.ts';

/** Services that are down once, each for so long. */
type Downtime = { downtime: readonly { service: string; during: Episode }[] };

const parseService = (text: string): Downtime['downtime'][number] | undefined => {
  const [, service, when = ''] = /^([a-z]{1,20}):(.*)$/.exec(text) ?? [];
  const during = episode(when);
  return service !== undefined && during ? { service, during } : undefined;
};

const parseDowntime = (text: string): Downtime['downtime'] | undefined => {
  const services = listOf(text, 10, parseService);
  return services && new Set(services.map(({ service }) => service)).size === services.length ? services : undefined;
};

/** @returns for how many seconds it has been down, of those that have passed */
const secondsAt = (instance: Instance, during: Episode, unixSeconds: number): number => {
  const { from, to } = boundsOf(instance, during);
  return Math.min(Math.max(0, Math.floor(unixSeconds) - from), to - from);
};

/** What `/truth` reports of a service: the first second in which it is down, the first after it, and the counter. */
type ServiceTruth = { from: number; to: number; seconds: number[] };

export const downtime = scenario({
  settings: {
    downtime: {
      variable: 'DOWNTIME',
      expected: 'up to 10 services, each with how long it is down and how long after the start, such as search:1s@12s',
      parse: parseDowntime,
      suchAs: '`search:1s@12s,checkout:12s@7s`',
      simulates:
        '`downtime_seconds_total{service}`, from 0 on: the search is down for a second, 12 s after the start; the checkout for 12 s, from 7 s after it on',
    },
  },
  simulated: ({ downtime }: Partial<Downtime>) => downtime && 'downtime',
  register: ({ registry, counted }, instance) => {
    new Counter({
      name: 'downtime_seconds_total',
      help: 'For how long each simulated service has been down since the exporter started.',
      labelNames: ['service'],
      registers: [registry],
      collect() {
        this.reset();
        for (const { service, during } of instance.downtime)
          this.inc({ service }, secondsAt(instance, during, counted()));
      },
    });
  },
  truth: (instance, at): { downtime: Record<string, ServiceTruth> } => ({
    downtime: Object.fromEntries(
      instance.downtime.map(({ service, during }) => [
        service,
        { ...boundsOf(instance, during), seconds: at.map((instant) => secondsAt(instance, during, instant)) },
      ]),
    ),
  }),
  points: ({ downtime }) => downtime.length,
  reports: { downtime: 'of each service since when and until when it is down, and for how many `seconds` it has been' },
});
