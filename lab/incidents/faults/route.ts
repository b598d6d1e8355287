import type { Fault } from '../fault.ts';
import { during, failing, instanceNames } from '../fleet.ts';
import { lostSoFar } from '../shown.ts';
import { boundsIn, boundsTogether, counterSteps } from '../steps.ts';

/** One route fails, whichever instance answers. */
export const route: Fault = {
  cause: 'route',
  says: 'one route failed on every instance',
  kind: 'service',
  settings: ({ size, route: own, ...when }) => ({ ERRORS: failing(40 + Math.round(50 * size), during(when), own) }),
  who: ({ route: own }) => [own],
  reads: ({ route: own }) => ({ failed: `http_requests_total{job="my_app",code="500",route="${own}"}` }),
  bounds: ({ series }, from, to) =>
    boundsTogether(
      instanceNames.map((name) => {
        const own = series.failed!.filter(({ labels }) => labels.instance === name);
        return boundsIn(counterSteps(own), from, to);
      }),
    ),
  shown: ({ series }) => ({
    name: 'failed requests of the route so far, as stored',
    unit: 'count',
    samples: lostSoFar(counterSteps(series.failed!)),
  }),
  hints: () => [
    'No instance stands out: add them up, and split by another label.',
    'A request has a route. Which of them fails?',
    'sum by (route) (rate(http_requests_total{code="500"}[1m])): whose line leaves zero?',
  ],
  queries: ({ route: own }) => [
    {
      expr: 'sum by (route) (rate(http_requests_total{code="500"}[1m]))',
      read: 'errors a second: one route leaves zero',
    },
    {
      expr: 'sum by (instance) (rate(http_requests_total{code="500"}[1m]))',
      read: 'by instance all of them do: an aggregation over the wrong label hides the cause',
    },
    { expr: `http_requests_total{code="500",route="${own}"}`, read: 'the counters themselves: add up last − first' },
  ],
  experiments: ['03-labels', '04-aggregation', '12-averages'],
};
