import { Counter, Gauge } from 'prom-client';
import type { Instance } from '../instance.ts';
import { scenario } from '../scenario.ts';
import type { Scrape } from '../scrape.ts';

/** How much later `/metrics` is answered for each job that waits, seconds. */
type Slow = { slowPerJob: { seconds: number } };

/** Within that Prometheus wants the answer, whatever its scrape interval is. */
const timeoutSeconds = 1;
const periodSeconds = 18;
const donePerSecond = 50;

const parseSlow = (text: string): Slow['slowPerJob'] | undefined => {
  const [, milliseconds] = /^(\d|10)ms$/.exec(text) ?? [];
  return milliseconds === undefined ? undefined : { seconds: Number(milliseconds) / 1_000 };
};

/**
 * Jobs that wait, held for a second: 100 to 500 in 9 s of the clock's every 18, and 1300 to 1700 in the 9 s between
 * them. Nothing is near 1000, which at 1 ms a job is the timeout: a scrape's own milliseconds decide nothing.
 */
const waitingAt = (unixSeconds: number): number => {
  const second = Math.floor(unixSeconds) % periodSeconds;
  const level = Math.min(second, periodSeconds - second);
  return 100 + 100 * level + (level > 4 ? 700 : 0);
};

/** @returns the jobs that were done since the start, in the seconds that have passed */
const doneAt = ({ startedAt }: Instance, unixSeconds: number): number =>
  donePerSecond * Math.max(0, Math.floor(unixSeconds) - startedAt);

const registerJobs = ({ registry, instant, counted }: Scrape, instance: Instance & Slow): void => {
  new Gauge({
    name: 'jobs_waiting',
    help: 'Simulated jobs that wait in a queue.',
    registers: [registry],
    collect() {
      this.set(waitingAt(instant()));
    },
  });
  new Counter({
    name: 'jobs_done_total',
    help: 'Simulated jobs that were done since the exporter started.',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(doneAt(instance, counted()));
    },
  });
};

export const slow = scenario({
  settings: {
    slowPerJob: {
      variable: 'SLOW',
      expected: 'whole milliseconds from 0ms to 10ms by which each waiting job delays a scrape, such as 1ms',
      parse: parseSlow,
      suchAs: '`1ms`',
      simulates:
        '`jobs_waiting`, 100 to 1700 in a period of 18 s, and `jobs_done_total`, 50 a second; `/metrics` is answered 1 ms later for each job that waits, and Prometheus gives a scrape 1 s (`__scrape_timeout__`). With `0ms` at once',
    },
  },
  // Its timeout is a label of service discovery, which does not name the first.
  first: 2,
  simulated: ({ slowPerJob }: Partial<Slow>) => slowPerJob && 'slow',
  register: registerJobs,
  delay: { seconds: ({ slowPerJob }, unixSeconds) => slowPerJob.seconds * waitingAt(unixSeconds), timeoutSeconds },
  truth: ({ slowPerJob, ...instance }, at) => ({
    jobs: {
      waiting: at.map(waitingAt),
      done: at.map((instant) => doneAt(instance, instant)),
      secondsPerJob: slowPerJob.seconds,
      timeoutSeconds,
    },
  }),
  points: () => 2,
  reports: { jobs: '`waiting` and `done` at each instant, `secondsPerJob`, and `timeoutSeconds`' },
});
