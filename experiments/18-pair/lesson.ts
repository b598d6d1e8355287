import { globalRate } from '../../lab/evidence/summed.ts';
import type { Lesson, Source } from '../../lab/model/lesson.ts';
import { globalQuerier, instancesKnown, prometheusNamed } from '../../lab/model/sources.ts';
import { exercises } from './exercise.ts';
import { replicas } from './pair.ts';
import { picture } from './picture.ts';
import { areHere, cpuOfReplicas, replicasUp, sentAlerts, storedBy } from './services.ts';
import { check } from './verdict.ts';

/** The querier that answers with every series of both replicas. */
const doubled: Source = { ...globalQuerier, name: 'query, dedup=false', parameters: { dedup: 'false' } };

export const lesson: Lesson = {
  title: 'Pair',
  chapter: 'Beyond one Prometheus',
  minutes: 12,
  question:
    'Two Prometheus do the same, and one of them stands still for a while. Is the answer as if nothing had been?',
  change: 'own',
  requires: 'thanos',
  memoryMegabytes: 350,
  layer: 'scraper',
  changes: 'two Prometheus scrape the same twelve instances, and a querier makes one series of two',
  matters: 'a pair saves most of what one loses, not all; and without care everything is there twice, alerts included',
  todo: [
    'Ask the querier for the number of instances, then without its deduplication: 12 and 24.',
    'See in the inbox of the guide how often each of the two alerts InstanceSeen… has arrived.',
  ],
  acts: [
    [{ do: 'freeze', service: 'replica-b', says: 'it is there and does nothing, as on a machine that swaps.' }],
    [
      {
        do: 'thaw',
        service: 'replica-b',
        afterSeconds: 40,
        says: 'it goes on where it was, and what it has not scraped stays missing.',
      },
    ],
  ],
  queries: [
    {
      expr: instancesKnown,
      of: globalQuerier.name,
      read: '12: the querier makes one series of two',
      noValue: 'at rest',
    },
    { expr: instancesKnown, of: doubled.name, read: '24: all that both replicas have', noValue: 'at rest' },
    {
      expr: globalRate({ windowSeconds: 60 }),
      of: globalQuerier.name,
      read: 'the sum over the fleet; of both series it would be twice as much',
      noValue: 'at rest',
    },
    ...replicas.map(({ service }) => ({
      expr: globalRate({ windowSeconds: 60 }),
      of: service,
      read: `the same, as ${service} alone has it`,
      noValue: 'at rest' as const,
    })),
    { expr: replicasUp, read: '1 where a replica answers', noValue: 'at rest' },
    { expr: storedBy('replica-.'), read: 'how much each replica stores: a frozen one nothing', noValue: 'at rest' },
    { expr: sentAlerts, read: 'how many alerts a second each sends to Alertmanager', noValue: 'at rest' },
    { expr: cpuOfReplicas, read: 'what each costs', noValue: 'at rest' },
  ],
  sources: [globalQuerier, doubled, ...replicas.map(({ service }) => prometheusNamed(service))],
  expect:
    '24 series that become 12, and 24 alerts that become 12. After the freeze: an answer without the hole of the one, and with some samples fewer than the other.',
  insight:
    'Deduplication picks one replica at a time and switches late, so that no sample counts twice: its answer is neither replica’s own, and close to both.',
  lookBack: '5m',
  panels: [
    {
      title: 'Samples a second that each replica stores',
      kind: 'timeseries',
      targets: [{ expr: storedBy('replica-.'), legend: '{{instance}}' }],
      unit: 'count',
      width: 12,
      height: 9,
    },
    {
      title: 'Which replicas answer',
      kind: 'timeline',
      targets: [
        { expr: `${replicasUp} == 1`, legend: 'up', colour: 'green' },
        { expr: `${replicasUp} == 0`, legend: 'down', colour: 'red' },
      ],
      unit: 'state',
      width: 12,
      height: 9,
    },
    {
      title: 'Alerts a second: each replica sends them all',
      kind: 'timeseries',
      targets: [{ expr: sentAlerts, legend: '{{instance}}' }],
      unit: 'count',
      width: 12,
      height: 8,
    },
    {
      title: 'CPU of each, in cores: a pair costs twice as much',
      kind: 'timeseries',
      targets: [{ expr: cpuOfReplicas, legend: '{{instance}}' }],
      unit: 'ratio',
      width: 12,
      height: 8,
    },
  ],
  picture,
  exercises,
  precondition: 'scraped',
  inForce: areHere,
  check,
};
