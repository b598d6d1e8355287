import { instanceName } from '../../model/metrics.ts';
import type { Fault } from '../fault.ts';
import { during, of } from '../fleet.ts';
import { samplesOf } from '../shown.ts';
import { boundsIn, stateSteps, timesOf } from '../steps.ts';

/** Under a scrape's time-out at every interval, and far over what a page takes. */
const leastSeconds = 0.4;

/** The page with the metrics takes long; the requests do not. */
export const slowPage: Fault = {
  cause: 'slow-page',
  says: 'its page of metrics was slow, and its requests were not',
  kind: 'service',
  settings: ({ number, size, ...when }) => ({
    [`SLOW_PAGE_${number}`]: `${(leastSeconds + 0.2 * size).toFixed(2)}:${during(when)}`,
  }),
  who: ({ number }) => [instanceName(number)],
  reads: ({ number }) => ({ duration: of('scrape_duration_seconds', number) }),
  bounds: ({ series: { duration } }, from, to) => {
    const values = new Map(duration!.flatMap(({ samples }) => samples));
    return boundsIn(
      stateSteps(timesOf(duration!), (at) => (values.get(at) ?? 0) >= leastSeconds),
      from,
      to,
    );
  },
  shown: ({ series }) => ({ name: 'duration of each scrape', unit: 'seconds', samples: samplesOf(series.duration!) }),
  hints: () => [
    'What the service says of itself is well. What does Prometheus say of it?',
    'Prometheus writes how long each scrape took.',
    'scrape_duration_seconds by instance',
  ],
  queries: ({ number }) => [
    { expr: 'scrape_duration_seconds{job="my_app"}', read: 'one line leaves the others' },
    { expr: `max_over_time(${of('scrape_duration_seconds', number)}[1m])`, read: 'how near it comes to the time-out' },
    { expr: of('http_request_duration_seconds_count', number), read: 'its requests: not slower than before' },
  ],
  experiments: ['08-debugging'],
};
