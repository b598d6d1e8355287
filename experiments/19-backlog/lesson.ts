import { isSentTo } from '../../lab/evidence/remote-endpoint.ts';
import {
  behind,
  prometheusBegan,
  refused,
  retried,
  sendingPanels,
  thanosUp,
  waiting,
} from '../../lab/evidence/remote-write.ts';
import { upNames, upOf } from '../../lab/model/alert-states.ts';
import type { Lesson } from '../../lab/model/lesson.ts';
import { cpu, ofExporter } from '../../lab/model/metrics.ts';
import { globalQuerier } from '../../lab/model/sources.ts';
import { exercises } from './exercise.ts';
import { picture } from './picture.ts';
import { check, store } from './verdict.ts';

export const lesson: Lesson = {
  title: 'The backlog',
  chapter: 'Beyond one Prometheus',
  minutes: 12,
  question: 'The remote-write endpoint is down for a while. What is lost, and does anything report it?',
  change: 'own',
  requires: 'thanos',
  memoryMegabytes: 200,
  layer: 'storage',
  changes: 'Prometheus also remote-writes every sample to a Thanos receiver (`store`), and a querier queries that',
  matters: 'the remote-write position is in memory: it survives an outage of the endpoint, not a restart',
  todo: [
    'Graph the remote-write queue while the endpoint is down, and after it is up again.',
    'Query Prometheus and the querier for the same range, side by side: look for the gap.',
  ],
  manualSteps: [
    [
      { do: 'stop', service: store, says: 'samples scraped from now on wait in Prometheus’ write-ahead log.' },
      { do: 'start', service: store, afterSeconds: 40, says: 'it receives everything that has waited.' },
    ],
    [
      { do: 'stop', service: store, says: 'it is down once more.' },
      {
        do: 'restart',
        service: 'prometheus',
        afterSeconds: 20,
        says: 'it sends from now on: its position was in its memory.',
      },
      { do: 'start', service: store, afterSeconds: 25, says: 'it receives what was scraped since the restart.' },
    ],
  ],
  queries: [
    {
      expr: waiting,
      read: 'samples in the queue: usually some hundreds, since a batch waits up to 5 s; about 14,000 at most, the rest waits on disk',
      noValue: 'at rest',
    },
    { expr: behind, read: 'seconds since the newest sample that the endpoint has accepted', noValue: 'at rest' },
    {
      expr: refused,
      read: '0, whatever happens: requests to an endpoint that is down are retried',
      noValue: 'at rest',
    },
    { expr: retried, read: 'it grows while the endpoint is down: each retry counts', noValue: 'at rest' },
    { expr: thanosUp(store), read: '1 while the endpoint is up, 0 while it is down', noValue: 'at rest' },
    {
      expr: cpu,
      of: globalQuerier.name,
      read: 'what the endpoint has: complete after its own outage, with a gap after the restart of Prometheus',
      noValue: 'at rest',
    },
    { expr: prometheusBegan, read: 'the start time: after a restart Prometheus knows nothing of what waited' },
  ],
  sources: [globalQuerier],
  expect:
    'The endpoint is down for 40 s, and every sample arrives afterwards. If Prometheus is restarted meanwhile, everything that waited is missing at the endpoint for good, and no counter reports it.',
  insight:
    'Remote write reads the write-ahead log and retries what was not accepted. Its position is only in memory: after a restart it begins at now. Keep Prometheus running while the endpoint is down, and compare what both have.',
  lookBack: '5m',
  panels: [
    {
      title: 'Is the endpoint up?',
      kind: 'timeline',
      targets: [upOf(thanosUp(store))],
      names: upNames,
      unit: 'state',
      width: 24,
      height: 4,
    },
    ...sendingPanels({ fillsOnce: 'the endpoint is down', receiver: 'endpoint' }),
    {
      title: 'Samples of the CPU in 20 s: a gap after the restart alone',
      kind: 'timeseries',
      targets: [
        { expr: `count_over_time(${ofExporter(cpu)}[20s])`, legend: 'in Prometheus', style: 'wide' },
        {
          expr: `count_over_time(${ofExporter(cpu, `receive="${store}"`)}[20s])`,
          of: globalQuerier.name,
          legend: 'in the endpoint',
        },
      ],
      unit: 'count',
      width: 12,
      height: 7,
    },
  ],
  picture,
  exercises,
  // By way of the base: no Prometheus before it sends to this endpoint.
  precondition: 'scraped',
  isActive: (lab) => isSentTo(store, lab),
  plan: { needs: 'a remote endpoint, and a querier that answers from there' },
  check,
};
