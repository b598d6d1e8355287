import { isSentTo } from '../../lab/evidence/remote-endpoint.ts';
import {
  behind,
  engineUp,
  prometheusBegan,
  refused,
  retried,
  sendingPanels,
  waiting,
} from '../../lab/evidence/remote-write.ts';
import type { Lesson } from '../../lab/model/lesson.ts';
import { cpu } from '../../lab/model/metrics.ts';
import { globalQuerier } from '../../lab/model/sources.ts';
import { exercises } from './exercise.ts';
import { picture } from './picture.ts';
import { check, store } from './verdict.ts';

export const lesson: Lesson = {
  title: 'The backlog',
  chapter: 'Beyond one Prometheus',
  minutes: 12,
  question: 'The store that gets all samples is away for a while. What is lost, and who says so?',
  change: 'own',
  requires: 'thanos',
  memoryMegabytes: 200,
  layer: 'storage',
  changes: 'Prometheus sends every sample to a store as well, and a querier answers from there',
  matters:
    'how far the sending has come is kept in memory: that outlives the store’s absence, not a restart of Prometheus',
  todo: [
    'Graph the queue while the store is away, and after it is back.',
    'Ask Prometheus and the querier for the same hour, beside each other: look for the hole.',
  ],
  acts: [
    [
      { do: 'stop', service: store, says: 'what is scraped from now on waits in Prometheus.' },
      { do: 'start', service: store, afterSeconds: 40, says: 'it gets all that has waited.' },
    ],
    [
      { do: 'stop', service: store, says: 'it is away once more.' },
      {
        do: 'restart',
        service: 'prometheus',
        afterSeconds: 20,
        says: 'it sends from now on: how far it had come was in its memory.',
      },
      { do: 'start', service: store, afterSeconds: 25, says: 'it gets what was scraped since the restart.' },
    ],
  ],
  queries: [
    {
      expr: waiting,
      read: 'samples in the queue: some hundreds at rest, since a batch waits 5 s; about 14,000 at most, and the rest waits on disk',
      noValue: 'at rest',
    },
    { expr: behind, read: 'seconds since the newest sample that the store has taken', noValue: 'at rest' },
    { expr: refused, read: '0, whatever happens: a store that does not answer is tried again', noValue: 'at rest' },
    { expr: retried, read: 'it grows while the store is away: each try counts again', noValue: 'at rest' },
    { expr: engineUp(store), read: '1 where the store answers, 0 while it is away', noValue: 'at rest' },
    {
      expr: cpu,
      of: globalQuerier.name,
      read: 'what the store has: whole after its absence, with a hole after the restart',
      noValue: 'at rest',
    },
    { expr: prometheusBegan, read: 'another value: another Prometheus, which knows of nothing that waited' },
  ],
  sources: [globalQuerier],
  expect:
    'The store is away for 40 s, and every sample of them arrives afterwards. Where Prometheus is restarted meanwhile, all that waited is missing in the store for ever, and no counter says so.',
  insight:
    'Remote write reads Prometheus’ own log and repeats what was not taken. How far it has come is in memory alone: after a restart it begins at now. Let Prometheus run while its store is away, and compare what both have.',
  lookBack: '5m',
  panels: [
    {
      title: 'Is the store reached?',
      kind: 'timeline',
      targets: [
        { expr: `${engineUp(store)} == 1`, legend: '1: reached', colour: 'green' },
        { expr: `${engineUp(store)} == 0`, legend: '0: away', colour: 'red' },
      ],
      unit: 'state',
      width: 24,
      height: 5,
    },
    ...sendingPanels({ fillsOnce: 'the store is away', receiver: 'store' }),
  ],
  picture,
  exercises,
  // By way of the base: no Prometheus before it sends to this store.
  precondition: 'scraped',
  inForce: (lab) => isSentTo(store, lab),
  check,
};
