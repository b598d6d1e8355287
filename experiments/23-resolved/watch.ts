import type { Rule } from '../../lab/model/plan.ts';

/** What rules.yml watches, each in both ways; a test ties the two. */
export const diskFree = 'disk_free_ratio';
export const orders = 'orders_total';
export const failedOrders = 'orders_failed_total';

/** A disk with less than that is full. */
export const fullBelow = 0.1;
export const rateSeconds = 15;

/** `is`: what is compared; `bad` ends with its series, `orUnknown` goes on until it is known to be fine. */
export type Watch = { alert: string; is: string; bad: string; orUnknown: string };

const known = `last_over_time(${diskFree}[1h]) and on (job, instance) up`;
const rateOf = (counter: string) => `rate(${counter}[${rateSeconds}s])`;
const disks = `avg(${diskFree})`;
const share = `${rateOf(failedOrders)} / ${rateOf(orders)}`;

export const watches = {
  disk: {
    alert: 'DiskFull',
    is: diskFree,
    bad: `${diskFree} < ${fullBelow}`,
    orUnknown: `${known} unless ${diskFree} >= ${fullBelow}`,
  },
  disks: { alert: 'DisksFull', is: disks, bad: `${disks} < 0.3`, orUnknown: `count(${known}) unless ${disks} >= 0.3` },
  orders: {
    alert: 'OrdersFail',
    is: share,
    bad: `${share} > 0.5`,
    orUnknown: `${rateOf(orders)} unless (${rateOf(failedOrders)} or 0 * ${rateOf(orders)}) / ${rateOf(orders)} <= 0.5`,
  },
} as const satisfies Record<string, Watch>;

/** The alert that goes on until it is known to be fine. */
export const orUnknown = ({ alert }: Watch): string => `${alert}OrUnknown`;

/** All of rules.yml. */
export const written: readonly Rule[] = Object.values<Watch>(watches).flatMap((watch) =>
  [
    { alert: watch.alert, expr: watch.bad },
    { alert: orUnknown(watch), expr: watch.orUnknown },
  ].map((rule) => ({ ...rule, labels: { severity: 'warning' } })),
);
