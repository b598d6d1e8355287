import type { Lab } from '../model/lab.ts';
import type { Series } from '../promql/sample.ts';
import { lookbackSeconds } from '../promql/window.ts';

/**
 * Whether a query at an instant shows a series that ended under an earlier Prometheus: a Prometheus that stops marks
 * nothing as stale, and the next one does not know of it.
 * @param series  with their samples of the five minutes before the instant
 */
export const hasLeftover = (series: readonly Series[], { prometheusStartedAt }: Lab, at: number): boolean =>
  series.some(({ samples }) => {
    const last = samples.findLast(([time]) => time <= at)?.[0];
    return last !== undefined && last < prometheusStartedAt && at - last < lookbackSeconds;
  });
