import { instanceName } from '../../model/metrics.ts';
import type { Sample } from '../../promql/sample.ts';
import type { Fault, Stored } from '../fault.ts';
import { during, of } from '../fleet.ts';
import { boundsIn, lastUntil, stateSteps, timesOf } from '../steps.ts';

/** A page is rendered within so many seconds of the scrape's time. */
const renderedSeconds = 0.05;

/** How old the measurement is at each scrape: measured at the beginning of each second, it is under a second where nothing is wrong. */
const agesIn = ({ up, stamped }: Stored['series']): Sample[] => {
  const measured = timesOf(stamped!);
  return timesOf(up!).map((at) => [at, at - (lastUntil(measured, at + renderedSeconds) ?? Number.NEGATIVE_INFINITY)]);
};

/** A gauge with timestamps of its own shows the same measurement again and again. */
export const stuck: Fault = {
  cause: 'stuck',
  says: 'its temperature was stuck: one measurement, shown again and again',
  kind: 'service',
  settings: ({ number, ...when }) => ({ [`TIMESTAMPS_${number}`]: during(when) }),
  who: ({ number }) => [instanceName(number)],
  reads: ({ number }) => ({ up: of('up', number), stamped: of('temperature_stamped_celsius', number) }),
  bounds: ({ series }, from, to) => {
    const ages = new Map(agesIn(series));
    return boundsIn(
      stateSteps(timesOf(series.up!), (at) => ages.get(at)! > 1),
      from,
      to,
    );
  },
  shown: ({ series }) => ({ name: 'age of the measurement at each scrape', unit: 'seconds', samples: agesIn(series) }),
  hints: () => [
    'A value that is shown need not be of now. Which one does not move?',
    'A sample with a timestamp of its own is as old as that says.',
    'time() - timestamp(temperature_stamped_celsius), and changes(temperature_celsius[1m])',
  ],
  queries: ({ number }) => [
    { expr: 'time() - timestamp(temperature_stamped_celsius)', read: 'how old each is: one grows' },
    { expr: 'changes(temperature_celsius[1m])', read: 'how often each has changed in a minute: one does not' },
    { expr: of('temperature_stamped_celsius', number), read: 'the value itself looks well for five minutes' },
  ],
  experiments: ['16-dead-but-shown', '07-windows'],
};
