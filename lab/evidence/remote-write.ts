import { startTime, targetUp, thanosJob } from '../model/metrics.ts';
import type { Panel } from '../model/panel.ts';

/** What Prometheus reports of the samples that it sends to a store, as it stores it itself at each scrape of itself. */

/** The job in which Prometheus watches itself. */
const itself = 'job="prometheus"';

const metric = (name: string): string => `prometheus_remote_storage_${name}`;
const aboutItself = (name: string): string => `${metric(name)}{${itself}}`;

/** Samples in the queue, in memory: about 14 000 at most. What has no room there waits in Prometheus' own log. */
export const waiting = aboutItself('samples_pending');
/** Samples that a store refused for good: they are not sent again. */
export const refused = aboutItself('samples_failed_total');
/** Samples that were left out before they were sent, by reason; there once there is one. */
export const dropped = aboutItself('samples_dropped_total');
/** Samples that were sent once more, each time. */
export const retried = aboutItself('samples_retried_total');
/** The newest sample that a store has taken, unix seconds; 0 before the first. */
export const sentUpTo = aboutItself('queue_highest_sent_timestamp_seconds');
/** How far the store is behind, seconds; there once it has taken something. */
export const behind = `time() - (${metric('queue_highest_sent_timestamp_seconds')} > 0)`;

/**
 * One line for a picture: of stores that were sent to one after the other, as in two experiments, the one of now. A
 * Prometheus that begins anew marks nothing as stale, so the one before is shown for five minutes as well.
 */
const ofNow = (selector: string): string => `sum(${selector} and topk(1, timestamp(${selector})))`;
export const pictured = {
  waiting: ofNow(waiting),
  refused: ofNow(refused),
  behind: `time() - (${ofNow(sentUpTo)} > 0)`,
};

/** What the sending looks like. @param fillsOnce  when the queue does @param receiver  what the samples are sent to */
export const sendingPanels = ({ fillsOnce, receiver }: { fillsOnce: string; receiver: string }): Panel[] => [
  {
    title: `Samples in the queue: it fills once ${fillsOnce}`,
    kind: 'timeseries',
    targets: [{ expr: waiting, legend: 'in the queue' }],
    unit: 'count',
    width: 12,
    height: 6,
  },
  {
    title: `How far the ${receiver} ${receiver.endsWith('s') ? 'are' : 'is'} behind Prometheus`,
    kind: 'timeseries',
    targets: [{ expr: behind, legend: 'since the newest sample there' }],
    unit: 'seconds',
    width: 12,
    height: 6,
  },
  {
    title: 'Retried, many times; failed for good, never',
    kind: 'timeseries',
    targets: [
      { expr: retried, legend: 'retried' },
      { expr: refused, legend: 'failed' },
    ],
    unit: 'count',
    width: 12,
    height: 7,
  },
];

/** When Prometheus began, unix seconds. */
export const prometheusBegan = `${startTime}{${itself}}`;

/** A sample waits for its batch, up to 5 s, and for the answer to the one before. */
export const unsentSeconds = 10;

/** How soon what waited has to have arrived, once the store is back: a try that failed is repeated within 5 s. */
export const caughtUpSeconds = 60;

/** How long that takes after a long absence: what waited is sent ten times as fast as it was scraped, and faster. */
export const catchingUpSeconds = (awaySeconds: number): number => 5 + awaySeconds / 10;

/** A process reports when it began from the machine's own start, which is known to a second. */
export const startErrorSeconds = 1;

/** Whether a service of Thanos answered a scrape, and when its process began. */
export const thanosUp = (instance: string): string => `${targetUp}{job="${thanosJob}",instance="${instance}"}`;
export const thanosBegan = (instance: string): string => `${startTime}{job="${thanosJob}",instance="${instance}"}`;
