import { Counter, Gauge } from 'prom-client';
import type { Instance } from '../instance.ts';
import { scenario } from '../scenario.ts';
import type { Scrape } from '../scrape.ts';
import { wholeSeconds } from '../setting.ts';

/** Requests that come in bursts: so many in the first second of each period, and one in each other second. */
type Bursts = { bursts: { requests: number; everySeconds: number } };

const parseBursts = (text: string): Bursts['bursts'] | undefined => {
  const [, requests, every = ''] = /^([1-9]\d{0,4})@(.*)$/.exec(text) ?? [];
  const everySeconds = wholeSeconds(every);
  return requests === undefined || everySeconds === undefined || everySeconds < 2
    ? undefined
    : { requests: Number(requests), everySeconds };
};

/** @returns requests since the start, of the seconds that have passed */
const totalAt = ({ startedAt, bursts: { requests, everySeconds } }: Instance & Bursts, unixSeconds: number): number => {
  const passed = Math.max(0, Math.floor(unixSeconds) - startedAt);
  return passed + (requests - 1) * Math.ceil(passed / everySeconds);
};

const workers = Array.from({ length: 12 }, (_, index) => `${index + 1}`.padStart(2, '0'));
const turnSeconds = 14;

/**
 * Each worker is busy in its turn, and some are a little busier than others all the time.
 * @returns percent, 0 to 86
 */
const loadAt = (index: number, unixSeconds: number): number => {
  const turn = Math.cos(2 * Math.PI * (Math.floor(unixSeconds) / turnSeconds - index / workers.length));
  return 40 + 40 * turn + 0.5 * ((5 * index) % workers.length);
};

const registerBursts = ({ registry, instant, counted }: Scrape, instance: Instance & Bursts): void => {
  new Counter({
    name: 'burst_requests_total',
    help: 'Simulated requests that come in bursts.',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(totalAt(instance, counted()));
    },
  });
  new Gauge({
    name: 'worker_load_percent',
    help: 'How busy each of the simulated workers is; they take turns.',
    labelNames: ['worker'],
    registers: [registry],
    collect() {
      for (const [index, worker] of workers.entries()) this.set({ worker }, loadAt(index, instant()));
    },
  });
};

/** What `/truth` reports of the bursts: the requests since the start at each instant, and how they come. */
type BurstsTruth = { total: number[]; requests: number; everySeconds: number };

export const bursts = scenario({
  settings: {
    bursts: {
      variable: 'BURSTS',
      expected: 'requests in one second, 1 to 99999, and how often, from 2s to 1h, such as 100@10s',
      parse: parseBursts,
      suchAs: '`100@10s`',
      simulates:
        '`burst_requests_total`: 100 requests in the first second of every ten, else one a second; `worker_load_percent{worker}`: 12 workers that take turns',
    },
  },
  simulated: ({ bursts }: Partial<Bursts>) => bursts && 'bursts',
  register: registerBursts,
  truth: (instance, at): { bursts: BurstsTruth } => ({
    bursts: { total: at.map((instant) => totalAt(instance, instant)), ...instance.bursts },
  }),
  points: () => 2,
  reports: { bursts: 'the `total` of the requests at each instant, `requests` of a burst and `everySeconds`' },
});
