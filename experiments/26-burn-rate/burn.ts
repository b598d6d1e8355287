import type { Rule } from '../../lab/model/plan.ts';
import type { AlertTimes } from '../../lab/promql/alert.ts';
import { rate } from '../../lab/promql/extrapolation.ts';
import type { Sample } from '../../lab/promql/sample.ts';

/** What rules.yml and compose.yaml have; tests tie them. */
export const downtime = 'downtime_seconds_total';
export const recorded = 'service:downtime:rate30s';
/** The service that is down for a second, and the one that is down for longer. */
export const [blip, hard] = ['search', 'checkout'] as const;

/** The objective is 99 %: such a share of the time may be downtime. */
export const budget = 0.01;
/** Of a budget of 30 days, 14.4 times as fast takes 2 % in an hour: the factor of the SRE workbook. */
export const factor = 14.4;
export const burning = Number((factor * budget).toFixed(3));
/** An hour and five minutes there; as short as some scrapes allow here. */
export const [longSeconds, shortSeconds] = [30, 10];

export const rateOver = (windowSeconds: number, matchers = ''): string =>
  `rate(${downtime}${matchers}[${windowSeconds}s])`;

const fast = `${rateOver(longSeconds)} > ${burning}`;

/** An alert of rules.yml, and the lowest rates at which it is true, by the window in seconds. */
export type Watch = AlertTimes & {
  alert: string;
  expr: string;
  over: readonly (readonly [window: number, limit: number])[];
};

const threshold = { expr: `${rateOver(shortSeconds)} > ${budget}`, over: [[shortSeconds, budget]] } as const;

export const watches = {
  threshold: { alert: 'Downtime', ...threshold },
  waiting: { alert: 'DowntimeForLong', ...threshold, forSeconds: 10 },
  long: { alert: 'BurnLong', expr: fast, over: [[longSeconds, burning]] },
  pair: {
    alert: 'BurnRate',
    expr: `${fast} and ${rateOver(shortSeconds)} > ${burning}`,
    over: [
      [longSeconds, burning],
      [shortSeconds, burning],
    ],
  },
} as const satisfies Record<string, Watch>;

/** All of rules.yml. */
export const written: readonly Rule[] = [
  { record: recorded, expr: rateOver(longSeconds) },
  ...Object.values<Watch>(watches).map(({ alert, expr, forSeconds }) => ({
    alert,
    expr,
    ...(forSeconds !== undefined && { forSeconds }),
    labels: { severity: 'warning' },
  })),
];

/** By Prometheus' own arithmetic on raw samples. @param room  a share of the limit, for what rounding leaves open */
export const isTrue = ({ over }: Watch, samples: readonly Sample[], at: number, room = 0): boolean =>
  over.every(([window, limit]) => (rate(samples, at, window) ?? 0) > limit * (1 + room));
