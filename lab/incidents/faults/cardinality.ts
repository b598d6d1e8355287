import { instanceName } from '../../model/metrics.ts';
import type { Fault } from '../fault.ts';
import { during, of } from '../fleet.ts';
import { samplesOf } from '../shown.ts';
import { boundsIn, stateSteps, timesOf } from '../steps.ts';

/** Series of one generation of the label. */
const seriesAtOnce = 50;
const mostGenerations = 40;

/** A label gets new values all the time: a flood of series. */
export const cardinality: Fault = {
  cause: 'cardinality',
  says: 'a label of it got new values all the time',
  kind: 'service',
  settings: ({ number, seconds, afterSeconds }) => {
    const every = Math.max(2, Math.ceil(seconds / mostGenerations));
    return { [`CHURN_${number}`]: `${every}s:${during({ seconds, afterSeconds })}` };
  },
  who: ({ number }) => [instanceName(number)],
  reads: ({ number }) => ({ added: of('scrape_series_added', number) }),
  bounds: ({ series: { added } }, from, to) => {
    const values = new Map(added!.flatMap(({ samples }) => samples));
    const steps = stateSteps(timesOf(added!), (at) => (values.get(at) ?? 0) >= seriesAtOnce);
    return boundsIn(
      steps.map((step) => ({ ...step, provedFrom: step.after })),
      from,
      to,
    );
  },
  shown: ({ series }) => ({ name: 'series that each scrape added', unit: 'count', samples: samplesOf(series.added!) }),
  hints: () => [
    'No value is wrong. How many series are there?',
    'Prometheus writes how many series each scrape has added.',
    'scrape_series_added > 0, and prometheus_tsdb_head_series',
  ],
  queries: ({ number }) => [
    { expr: 'scrape_series_added{job="my_app"}', read: 'new series at each scrape: 0 where nothing is wrong' },
    { expr: 'prometheus_tsdb_head_series', read: 'what Prometheus holds: it rises and does not come down' },
    {
      expr: `count(last_over_time(${of('session_active', number)}[10m]))`,
      read: 'how many sessions it has shown in ten minutes; 50 at once',
    },
  ],
  experiments: ['13-cardinality'],
};
