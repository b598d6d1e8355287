import { Counter } from 'prom-client';
import type { Instance } from '../instance.ts';
import { scenario } from '../scenario.ts';
import type { Scrape } from '../scrape.ts';
import { wholeSeconds } from '../setting.ts';

/** Each order fails from so long after the start on, and none arrives from so long after it on; infinity: never. */
type Orders = { orders: { failAfterSeconds: number; stopAfterSeconds: number } };

const never = Number.POSITIVE_INFINITY;
const perSecond = 10;

const parseOrders = (text: string): Orders['orders'] | undefined => {
  if (text === 'on') return { failAfterSeconds: never, stopAfterSeconds: never };
  const [, fail = '', stop = ''] = /^fail@(\w+),stop@(\w+)$/.exec(text) ?? [];
  const [failAfterSeconds, stopAfterSeconds] = [wholeSeconds(fail), wholeSeconds(stop)];
  if (failAfterSeconds === undefined || stopAfterSeconds === undefined) return undefined;
  return failAfterSeconds < stopAfterSeconds ? { failAfterSeconds, stopAfterSeconds } : undefined;
};

/** @returns the orders since the start, and how many of them have failed; of the seconds that have passed */
const ordersAt = ({ orders, startedAt }: Instance & Orders, unixSeconds: number): { total: number; failed: number } => {
  const { failAfterSeconds, stopAfterSeconds } = orders;
  const passed = Math.min(Math.max(0, Math.floor(unixSeconds) - startedAt), stopAfterSeconds);
  return { total: perSecond * passed, failed: perSecond * Math.max(0, passed - failAfterSeconds) };
};

const registerOrders = ({ registry, counted }: Scrape, instance: Instance & Orders): void => {
  new Counter({
    name: 'orders_total',
    help: 'Simulated orders since the exporter started.',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(ordersAt(instance, counted()).total);
    },
  });
  // prom-client initialises a counter to 0 that cannot have a label.
  new Counter({
    name: 'orders_failed_total',
    help: 'Simulated orders that have failed; there is no series before the first one.',
    labelNames: ['reason'],
    registers: [registry],
    collect() {
      this.reset();
      const { failed } = ordersAt(instance, counted());
      if (failed > 0) this.inc(failed);
    },
  });
};

/** What both counters show at each instant, and when each order begins to fail and the last one arrives, unix seconds. */
type OrdersTruth = { total: number[]; failed: number[]; failsFrom: number | null; stopsAt: number | null };

const ordersTruth = (instance: Instance & Orders, at: readonly number[]): OrdersTruth => {
  const { failAfterSeconds, stopAfterSeconds } = instance.orders;
  const when = (seconds: number) => (seconds === never ? null : instance.startedAt + seconds);
  const counts = at.map((instant) => ordersAt(instance, instant));
  return {
    total: counts.map(({ total }) => total),
    failed: counts.map(({ failed }) => failed),
    failsFrom: when(failAfterSeconds),
    stopsAt: when(stopAfterSeconds),
  };
};

export const orders = scenario({
  settings: {
    orders: {
      variable: 'ORDERS',
      expected:
        'on, where no order fails, or when each begins to fail and when none arrives any more, after the start and in ' +
        'this order, from 1s to 1h, such as fail@3s,stop@14s',
      parse: parseOrders,
      suchAs: '`on` or `fail@3s,stop@14s`',
      simulates:
        '`orders_total`: ten orders a second; `orders_failed_total`, created with the first that fails. With `on` none ever fails; else each fails from 3 s after the start on, and none arrives any more from 14 s on',
    },
  },
  simulated: ({ orders }: Partial<Orders>) => orders && 'orders',
  register: registerOrders,
  truth: (instance, at) => ({ orders: ordersTruth(instance, at) }),
  points: () => 2,
  reports: { orders: '`total` and `failed` at each instant; `failsFrom` and `stopsAt`, null where that never happens' },
});
