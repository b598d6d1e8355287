import { startTime, targetUp } from './metrics.ts';
import type { PanelQuery, ValueNames } from './panel.ts';

/** The rows of timelines: a query for each alert or target, whose value is its state. */

const prometheusStart = `${startTime}{job="prometheus"}`;

/**
 * What the Prometheus that runs has stored itself. One that is replaced marks nothing as stale, so its last samples
 * would be shown for five minutes as if they were of now.
 */
export const ofThisPrometheus = (selector: string): string =>
  `${selector} and timestamp(${selector}) > scalar(${prometheusStart})`;

export const alertNames: ValueNames = {
  0: { text: 'inactive', colour: 'green' },
  1: { text: 'PENDING', colour: 'orange' },
  2: { text: 'FIRING', colour: 'red' },
};

/**
 * The state of an alert; of several of one name the worst. Inactive where Prometheus ran and the alert was not active.
 * @param legend  what its row is called, by default its name
 * @param only    of which alone, as matchers of labels
 */
export const alertState = (name: string, legend = name, only = ''): PanelQuery => {
  const matchers = `alertname="${name}"${only === '' ? '' : `,${only}`}`;
  const inState = (state: string) => ofThisPrometheus(`ALERTS{${matchers},alertstate="${state}"}`);
  const inactive = `absent(${ofThisPrometheus(`ALERTS{${matchers}}`)}) and on () ${prometheusStart}`;
  return { expr: `max(2 * (${inState('firing')})) or max(${inState('pending')}) or 0 * max(${inactive})`, legend };
};

export const upNames: ValueNames = {
  0: { text: 'down', colour: 'red' },
  1: { text: 'up', colour: 'green' },
};

/** The state of every target of some, a row each. @param selector  of `up` */
export const upOf = (selector: string, legend = '{{instance}}'): PanelQuery => ({ expr: selector, legend });

/** A row for each job: down as soon as one of its targets is. */
export const upByJob: PanelQuery = { expr: `min by (job) (${targetUp})`, legend: '{{job}}' };
