import { instanceName } from '../../model/metrics.ts';
import type { Fault } from '../fault.ts';
import { during, failing, of } from '../fleet.ts';
import { lostSoFar } from '../shown.ts';
import { boundsIn, counterSteps } from '../steps.ts';

const failed = (number: number) => of('http_requests_total', number, 'code="500"');

/** A share of the requests of one instance fails, on every route. */
export const errors: Fault = {
  cause: 'errors',
  says: 'a share of its requests failed',
  kind: 'service',
  settings: ({ number, size, ...when }) => ({
    [`ERRORS_${number}`]: failing(25 + Math.round(40 * size), during(when)),
  }),
  who: ({ number }) => [instanceName(number)],
  reads: ({ number }) => ({ failed: failed(number) }),
  bounds: ({ series }, from, to) => boundsIn(counterSteps(series.failed!), from, to),
  shown: ({ series }) => ({
    name: 'failed requests so far, as stored',
    unit: 'count',
    samples: lostSoFar(counterSteps(series.failed!)),
  }),
  hints: () => [
    'The instances are all up. Compare what they answer.',
    'A status code is a label: how many requests ended with which, on which instance?',
    'sum by (instance) (rate(http_requests_total{code="500"}[1m])): whose line leaves zero?',
  ],
  queries: ({ number }) => [
    {
      expr: 'sum by (instance) (rate(http_requests_total{code="500"}[1m]))',
      read: 'errors a second: one line leaves zero',
    },
    {
      expr: 'sum by (instance) (rate(http_requests_total{code="500"}[1m])) / sum by (instance) (rate(http_requests_total[1m]))',
      read: 'the share of errors, which traffic does not move',
    },
    {
      expr: failed(number),
      read: 'the counters themselves: first and last sample say when, their difference how many',
    },
  ],
  experiments: ['02-counters', '10-first-error', '12-averages'],
};
