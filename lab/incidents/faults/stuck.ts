import { instanceName } from '../../model/metrics.ts';
import type { Fault } from '../fault.ts';
import { during, of } from '../fleet.ts';
import { boundsIn, stateSteps, timesOf } from '../steps.ts';

/** A page is rendered within so many seconds of the scrape's time. */
const renderedSeconds = 0.05;

/** A gauge with timestamps of its own shows the same measurement again and again. */
export const stuck: Fault = {
  cause: 'stuck',
  says: 'its temperature was stuck: one measurement, shown again and again',
  kind: 'service',
  settings: ({ number, ...when }) => ({ [`TIMESTAMPS_${number}`]: during(when) }),
  who: ({ number }) => [instanceName(number)],
  reads: ({ number }) => ({ up: of('up', number), stamped: of('temperature_stamped_celsius', number) }),
  bounds: ({ series: { up, stamped } }, from, to) => {
    const measured = timesOf(stamped!);
    // Measured at the beginning of each second: older than one it is not where nothing is wrong.
    const isOld = (at: number) => at - (measured.findLast((each) => each <= at + renderedSeconds) ?? 0) > 1;
    return boundsIn(stateSteps(timesOf(up!), isOld), from, to);
  },
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
