import { instanceName } from '../../model/metrics.ts';
import type { Chosen, Fault } from '../fault.ts';
import { during, of } from '../fleet.ts';
import { samplesOf } from '../shown.ts';
import { boundsIn, stateSteps, timesOf } from '../steps.ts';

/** In step with the scrapes every one of them would meet it down, or none: what has a divisor in common is left out. */
const periods = [5, 7, 8, 9];
const divisor = (one: number, other: number): number => (other === 0 ? one : divisor(other, one % other));

/** A crash every so often, the last of them at the end. */
const crashesOf = ({ size, seconds, scrapeSeconds }: Chosen) => {
  const free = periods.filter((period) => divisor(period, Math.round(scrapeSeconds)) === 1);
  const every = free[Math.floor(size * free.length)]!;
  return { every, seconds: every * Math.max(2, Math.round(seconds / every)) };
};

/** An instance crashes every few seconds, and begins anew each time. */
export const restarts: Fault = {
  cause: 'restarts',
  says: 'its process crashed and began anew, again and again',
  kind: 'service',
  settings: (chosen) => {
    const { every, seconds } = crashesOf(chosen);
    return { [`RESTARTS_${chosen.number}`]: `${every}s:${during({ ...chosen, seconds })}` };
  },
  // The last process begins a second after the last crash.
  lasts: (chosen) => crashesOf(chosen).seconds + 1,
  who: ({ number }) => [instanceName(number)],
  reads: ({ number }) => ({ up: of('up', number), began: of('process_start_time_seconds', number) }),
  bounds: ({ series: { up, began } }, from, to) => {
    const starts = began!.flatMap(({ samples }) => samples);
    const startAt = (at: number) => starts.findLast(([time]) => time <= at)?.[1];
    const values = new Map(up!.flatMap(({ samples }) => samples));
    const steps = stateSteps(timesOf(up!), (at, after) => values.get(at) === 0 || startAt(at) !== startAt(after));
    return boundsIn(
      steps.map((step) => ({ ...step, provedFrom: step.after })),
      from,
      to,
    );
  },
  shown: ({ series }) => ({
    name: 'age of the process at each scrape',
    unit: 'seconds',
    samples: samplesOf(series.began!).map(([at, began]) => [at, at - began]),
  }),
  hints: () => [
    'A rate may look well where a counter does not. Look at the counters themselves.',
    'A counter that drops has begun anew: whose does, and how often?',
    'changes(process_start_time_seconds[2m]) and resets(requests_total[2m])',
  ],
  queries: ({ number }) => [
    { expr: 'changes(process_start_time_seconds{job="my_app"}[2m])', read: 'new processes in two minutes' },
    { expr: of('requests_total', number), read: 'a saw: each tooth is a process' },
    { expr: 'resets(requests_total[2m])', read: 'resets in two minutes: rate() hides them, this counts them' },
  ],
  experiments: ['02-counters', '09-sum-before-rate'],
};
