import type { Step } from '../model/lesson.ts';
import { causes, places } from './answer.ts';
import { calmSeconds } from './incident.ts';

/** What `make incident` starts. What will break stands in none of it. */
export const incidentStep: Step = {
  command: 'incident',
  title: 'On call: an incident',
  overrides: ['compose.incident.yaml'],
  layer: 'producer',
  changes: 'a fleet of four, in which something breaks within the next minute or two',
  matters: 'what broke, where, since when, until when, and what it has cost: in numbers, from stored samples alone',
  queries: [
    { expr: 'up{job="my_app"}', read: 'which instances are scraped' },
    {
      expr: 'sum by (instance) (rate(http_requests_total[1m]))',
      read: 'what each of them serves a second; also by route and by code',
      noValue: 'at rest',
    },
    {
      expr: 'histogram_quantile(0.9, sum by (instance, le) (rate(http_request_duration_seconds_bucket[1m])))',
      read: 'how long nine of ten requests take at most',
      noValue: 'at rest',
    },
    {
      expr: 'min_over_time(timestamp(up{job="my_app"} == 0)[5m:1s])',
      read: 'when something began: the first instant at which a condition held; max_over_time says the last',
      noValue: 'at rest',
    },
    { expr: 'ALERTS', read: 'what alerts: not each of them means that something is broken', noValue: 'at rest' },
  ],
  expect: `That nothing says what it was. Whatever is older than the start of this incident belongs to an earlier one, and nothing breaks in its first ${calmSeconds} s, in which the fleet starts.`,
  next: [
    'Answer any part: make answer INSTANCE=… CAUSE=… SINCE=14:05:10 UNTIL="2m ago" LOST=…',
    `  INSTANCE is one of ${places.join(', ')}`,
    `  CAUSE is one of ${causes.join(', ')}`,
    '  LOST is how many requests failed or took longer than half a second because of it, 0 where none did',
    'Help: make answer HINT=1, HINT=2, HINT=3; make answer ANSWER=1. Undo: make up',
  ].join('\n'),
  dashboard: 'lab-start',
  lookBack: '15m',
  isActive: ({ exporter }) => exporter?.incident !== undefined,
};
