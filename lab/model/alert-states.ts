import { startTime, targetUp } from './metrics.ts';
import type { PanelQuery } from './panel.ts';

/** The rows of timelines: a query for each state, in the order in which they follow each other. */

const prometheusStart = `${startTime}{job="prometheus"}`;

/**
 * What the Prometheus that runs has stored itself. One that is replaced marks nothing as stale, so its last samples
 * would be shown for five minutes as if they were of now.
 */
export const ofThisPrometheus = (selector: string): string =>
  `${selector} and timestamp(${selector}) > scalar(${prometheusStart})`;

/** An alert: inactive where Prometheus ran and the alert was not active. */
export const alertStates = (name: string): PanelQuery[] => {
  const inState = (state: string) => ofThisPrometheus(`ALERTS{alertname="${name}",alertstate="${state}"}`);
  return [
    {
      expr: `absent(${ofThisPrometheus(`ALERTS{alertname="${name}"}`)}) and on () ${prometheusStart}`,
      legend: `${name} inactive`,
      colour: 'green',
    },
    { expr: `max(${inState('pending')})`, legend: `${name} PENDING`, colour: 'orange' },
    { expr: `max(${inState('firing')})`, legend: `${name} FIRING`, colour: 'red' },
  ];
};

/** Every target: up, then down. */
export const upStates: PanelQuery[] = [
  { expr: `${targetUp} == 1`, legend: '{{job}} up', colour: 'green' },
  { expr: `${targetUp} == 0`, legend: '{{job}} down', colour: 'red' },
];
