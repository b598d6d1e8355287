import type { Step } from '../model/lesson.ts';
import { targetUp } from '../model/metrics.ts';

/** Where the Prometheus of recorded shifts is while the step is on, by its name in Compose. */
export const shiftsAddress = 'shifts:9090';

/** The base lab with a Prometheus beside it that holds recorded shifts: what the guide's page On call asks. */
export const onCallStep: Step = {
  command: 'oncall',
  title: 'On call: twenty shifts',
  overrides: ['compose.oncall.yaml'],
  layer: 'none',
  changes: 'a second Prometheus holds recorded shifts, in which your alerts can be held against what happened',
  matters: 'what an alert would have saved, and how many of its pages would have saved nothing',
  queries: [{ expr: targetUp, read: 'the lab itself is the base lab: the shifts are asked on the page On call alone' }],
  expect: 'The page On call of the guide to judge whatever alert is typed there within a second.',
  next: 'Open the page On call of the guide; make backtest does the same in the terminal. Undo: make up',
  dashboard: 'lab-start',
};
