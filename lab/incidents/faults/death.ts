import { instanceName } from '../../model/metrics.ts';
import type { Fault } from '../fault.ts';
import { during, of } from '../fleet.ts';
import { samplesOf } from '../shown.ts';
import { boundsIn, stateSteps, timesOf } from '../steps.ts';

/** An instance is not there for a while, and comes back as a new process. */
export const death: Fault = {
  cause: 'death',
  says: 'its process was dead',
  kind: 'service',
  settings: ({ number, ...when }) => ({ [`DOWN_${number}`]: during(when) }),
  who: ({ number }) => [instanceName(number)],
  reads: ({ number }) => ({ up: of('up', number) }),
  bounds: ({ series: { up } }, from, to) => {
    const values = new Map(up!.flatMap(({ samples }) => samples));
    return boundsIn(
      stateSteps(timesOf(up!), (at) => values.get(at) === 0),
      from,
      to,
    );
  },
  shown: ({ series }) => ({ name: 'up', unit: 'state', samples: samplesOf(series.up!) }),
  hints: () => [
    'Before you compare what the instances report: do they all report?',
    'Prometheus writes a sample of `up` at each scrape.',
    'up == 0, and process_start_time_seconds of the same instance before and after.',
  ],
  queries: ({ number }) => [
    { expr: 'up{job="my_app"}', read: '0 for each scrape that failed' },
    { expr: of('process_start_time_seconds', number), read: 'a new process began when it came back' },
    { expr: `resets(${of('requests_total', number)}[10m])`, read: 'its counters began at 0 again: a reset' },
  ],
  experiments: ['01-missing-data', '09-sum-before-rate'],
};
