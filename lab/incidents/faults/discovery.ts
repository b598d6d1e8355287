import { instanceName } from '../../model/metrics.ts';
import type { Fault } from '../fault.ts';
import { during, monitoring, of } from '../fleet.ts';
import { samplesOf, withGaps } from '../shown.ts';
import { boundsOfGap, timesOf } from '../steps.ts';

/** Service discovery is asked every 5 s, and what it says counts within 5 s more. */
export const noticedSeconds = 10;

/** Service discovery loses an instance that goes on: nothing is stored of it, and nothing says so. */
export const discovery: Fault = {
  cause: 'discovery',
  says: 'service discovery lost an instance that went on',
  kind: 'monitoring',
  first: 2,
  // A route fails on the instance of which nothing is stored, too.
  beside: ({ cause }) => cause !== 'route',
  settings: ({ number, ...when }) => ({ [`UNLISTED_${number}`]: during(when) }),
  who: ({ number }) => [monitoring, instanceName(number)],
  reads: ({ number }) => ({ up: of('up', number) }),
  bounds: ({ series: { up }, scrapeSeconds }, from, to) =>
    boundsOfGap(timesOf(up!), from, to, scrapeSeconds, noticedSeconds + scrapeSeconds),
  shown: ({ series, scrapeSeconds }) => ({
    name: 'up',
    unit: 'state',
    samples: withGaps(samplesOf(series.up!), scrapeSeconds),
  }),
  hints: () => [
    'Fewer requests than before need not be fewer requests. Who reports?',
    'A target that is named no more has no `up`, not even 0.',
    'count(up{job="my_app"}), and whether the counters of the one that was missing began anew',
  ],
  queries: ({ number }) => [
    { expr: 'count(up{job="my_app"})', read: 'how many targets there are: one less for a while' },
    { expr: of('up', number), read: 'no sample, not even 0: a scrape that fails writes one' },
    { expr: of('requests_total', number), read: 'it went on counting: what is missing is the monitoring' },
  ],
  experiments: ['01-missing-data', '09-sum-before-rate'],
};
