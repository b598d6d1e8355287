import { instanceName, job } from '../model/metrics.ts';

/** The fleet that an incident happens to: nothing in it says which of them will break. compose.incident.yaml says the same. */
export const fleetSettings: Readonly<Record<string, string>> = {
  INSTANCES: '4',
  COUNTER_START: '100000',
  ERRORS: 'checkout:20%:0%,search:50%:0%,login:30%:0%',
  LATENCY: '90%:0.05,10%:0.2',
  DEPLOY: '30s@1h',
  CHURN: '1h',
  TIMESTAMPS: '1h',
};

export const instances = 4;

/** Its routes, each with its percent of the requests. */
export const routes = { checkout: 20, search: 50, login: 30 } as const;

export const instanceNames: readonly string[] = Array.from({ length: instances }, (_, index) =>
  instanceName(index + 1),
);

/** What is right for INSTANCE where the monitoring itself is at fault. */
export const monitoring = 'monitoring';

/** The setting of all routes in which some fail for a while. */
export const failing = (percent: number, during: string, only?: string): string =>
  Object.entries(routes)
    .map(([route, share]) => {
      const own = only === undefined || only === route ? `:${percent}%:${during}` : '';
      return `${route}:${share}%:0%${own}`;
    })
    .join(',');

/** A selector of one instance. */
export const of = (metric: string, number: number, matchers = ''): string =>
  `${metric}{${matchers}${matchers === '' ? '' : ','}job="${job}",instance="${instanceName(number)}"}`;

/** A duration and when, as the exporter's settings have it. */
export const during = ({ afterSeconds, seconds }: { afterSeconds: number; seconds: number }): string =>
  `${seconds}s@${afterSeconds}s`;
