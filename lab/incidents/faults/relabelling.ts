import { instanceName } from '../../model/metrics.ts';
import type { Fault } from '../fault.ts';
import { during, monitoring, of } from '../fleet.ts';
import { samplesOf, withGaps } from '../shown.ts';
import { boundsOfGap, timesOf } from '../steps.ts';
import { noticedSeconds } from './discovery.ts';

/** An instance is scraped, and relabelling drops all that it reports: `up` is 1, and nothing fails. */
export const relabelling: Fault = {
  cause: 'relabelling',
  says: 'relabelling dropped all that an instance reported, while its scrapes were well',
  kind: 'monitoring',
  first: 2,
  // A route fails on the instance of which nothing is stored, too.
  beside: ({ cause }) => cause !== 'route',
  settings: ({ number, ...when }) => ({ [`RELABELLED_${number}`]: during(when) }),
  who: ({ number }) => [monitoring, instanceName(number)],
  reads: ({ number }) => ({ counted: of('requests_total', number) }),
  bounds: ({ series: { counted }, scrapeSeconds }, from, to) =>
    boundsOfGap(timesOf(counted!), from, to, scrapeSeconds, noticedSeconds + scrapeSeconds),
  shown: ({ series, scrapeSeconds }) => ({
    name: 'requests_total, where a sample was kept',
    unit: 'count',
    samples: withGaps(samplesOf(series.counted!), scrapeSeconds),
  }),
  hints: () => [
    'Fewer requests than before need not be fewer requests. Whose are missing?',
    'A scrape can be well and bring nothing: Prometheus writes how many samples a page had, and how many were kept.',
    'scrape_samples_scraped{job="my_app"} - scrape_samples_post_metric_relabeling{job="my_app"}',
  ],
  queries: ({ number }) => [
    {
      expr: 'scrape_samples_scraped{job="my_app"} - scrape_samples_post_metric_relabeling{job="my_app"}',
      read: 'samples that relabelling dropped: 0 where nothing is wrong',
    },
    { expr: of('up', number), read: '1 all the while: the scrape itself is well' },
    { expr: of('requests_total', number), read: 'it went on counting: what is missing is the monitoring' },
  ],
  experiments: ['21-lost-labels', '01-missing-data'],
};
