import { instanceName } from '../../model/metrics.ts';
import type { Fault } from '../fault.ts';
import { during, of } from '../fleet.ts';
import { lostSoFar } from '../shown.ts';
import { boundsIn, counterSteps } from '../steps.ts';

const name = 'http_request_duration_seconds';

/** Many requests of one instance take longer than half a second. */
export const latency: Fault = {
  cause: 'latency',
  says: 'its requests took longer than half a second',
  kind: 'service',
  settings: ({ number, size, ...when }) => {
    const slow = 40 + Math.round(50 * size);
    return { [`LATENCY_${number}`]: `90%:0.05,10%:0.2/${100 - slow}%:0.05,${slow}%:1.5/${during(when)}` };
  },
  who: ({ number }) => [instanceName(number)],
  reads: ({ number }) => ({
    all: of(`${name}_count`, number),
    fast: of(`${name}_bucket`, number, 'le="0.5"'),
  }),
  bounds: ({ series }, from, to) => boundsIn(counterSteps(series.all!, series.fast!), from, to),
  shown: ({ series }) => ({
    name: 'slow requests so far, as stored',
    unit: 'count',
    samples: lostSoFar(counterSteps(series.all!, series.fast!)),
  }),
  hints: () => [
    'Nothing fails, and every instance is up. How long do the requests take?',
    'A histogram holds how many took at most how long: the bucket le="0.5" beside the count.',
    'rate(http_request_duration_seconds_count[1m]) - ignoring (le) rate(http_request_duration_seconds_bucket{le="0.5"}[1m])',
  ],
  queries: ({ number }) => [
    {
      expr: `histogram_quantile(0.9, sum by (instance, le) (rate(${name}_bucket[1m])))`,
      read: 'the 90th percentile of each instance: one line leaves the others',
    },
    {
      expr: `rate(${name}_sum[1m]) / rate(${name}_count[1m])`,
      read: 'the average, which needs no bucket boundary',
    },
    {
      expr: `${of(`${name}_count`, number)} - ignoring (le) ${of(`${name}_bucket`, number, 'le="0.5"')}`,
      read: 'how many were slow so far: last − first is how many were lost',
    },
  ],
  experiments: ['11-percentiles', '12-averages'],
};
