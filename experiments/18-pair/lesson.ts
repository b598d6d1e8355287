import { globalRate } from '../../lab/evidence/querier.ts';
import { upNames, upOf } from '../../lab/model/alert-states.ts';
import type { Lesson, Source } from '../../lab/model/lesson.ts';
import { globalQuerier, instancesKnown, prometheusNamed } from '../../lab/model/sources.ts';
import { exercises } from './exercise.ts';
import { replicas } from './pair.ts';
import { picture } from './picture.ts';
import {
  areHere,
  cpuOfReplicas,
  instancesOfReplicas,
  replicasUp,
  samplesOfOne,
  sentAlerts,
  storedBy,
} from './services.ts';
import { check } from './verdict.ts';

/** The querier that answers with every series of both replicas. */
const doubled: Source = { ...globalQuerier, name: 'query, dedup=false', parameters: { dedup: 'false' } };

export const lesson: Lesson = {
  title: 'HA pair',
  chapter: 'Beyond one Prometheus',
  minutes: 12,
  question:
    'Two Prometheus scrape the same, and one of them freezes for a while. Does the result look as if nothing happened?',
  change: 'own',
  requires: 'thanos',
  memoryMegabytes: 350,
  layer: 'scraper',
  changes: 'two Prometheus scrape the same twelve instances, and a Thanos querier deduplicates their series',
  matters: 'a pair hides most of a gap, not all; undeduplicated, everything is there twice',
  todo: [
    'Query the number of instances with deduplication, then without: 12 and 24. (In Docker no replica publishes its web UI: query it in the guide.)',
    'Count in the guide’s inbox how often each of the two alerts InstanceSeen… has arrived.',
  ],
  manualSteps: [
    [
      {
        do: 'freeze',
        service: 'replica-b',
        says: 'it accepts connections and does nothing, as on a machine that swaps.',
      },
    ],
    [
      {
        do: 'thaw',
        service: 'replica-b',
        afterSeconds: 40,
        says: 'it continues, and what it did not scrape stays missing.',
      },
    ],
  ],
  queries: [
    {
      expr: instancesKnown,
      of: globalQuerier.name,
      read: '12: the querier deduplicates',
      noValue: 'at rest',
    },
    { expr: instancesKnown, of: doubled.name, read: '24: all series of both replicas', noValue: 'at rest' },
    {
      expr: globalRate({ windowSeconds: 60 }),
      of: globalQuerier.name,
      read: 'the sum over the fleet; without deduplication it would be twice as much',
      noValue: 'at rest',
    },
    ...replicas.map(({ service }) => ({
      expr: globalRate({ windowSeconds: 60 }),
      of: service,
      read: `the same, from ${service} alone`,
      noValue: 'at rest' as const,
    })),
    { expr: replicasUp, read: '1 while a replica is up', noValue: 'at rest' },
    {
      expr: storedBy('replica-.'),
      read: 'samples per second that each replica stores: 0 while it is frozen',
      noValue: 'at rest',
    },
    { expr: sentAlerts, read: 'alerts per second that each sends to Alertmanager', noValue: 'at rest' },
    { expr: cpuOfReplicas, read: 'the CPU that each costs', noValue: 'at rest' },
  ],
  sources: [globalQuerier, doubled, ...replicas.map(({ service }) => prometheusNamed(service))],
  expect:
    '24 series become 12, and 24 alerts become 12. After the freeze: a result without the gap of the frozen replica, and with a few samples fewer than the other one has.',
  insight:
    'Deduplication follows one replica at a time and switches late, so that no sample counts twice: the result equals neither replica, and is close to both.',
  lookBack: '5m',
  panels: [
    {
      title: 'Instances: 12 of 24 once the querier deduplicates',
      kind: 'timeseries',
      targets: [
        { expr: instancesOfReplicas, of: doubled.name, legend: 'as they are' },
        { expr: instancesOfReplicas, of: globalQuerier.name, legend: 'deduplicated' },
      ],
      unit: 'count',
      range: [0, 24],
      lastValue: true,
      width: 12,
      height: 6,
    },
    {
      title: 'Which replicas are up',
      kind: 'timeline',
      targets: [upOf(replicasUp)],
      names: upNames,
      unit: 'state',
      width: 12,
      height: 6,
    },
    {
      title: 'Samples of one series in 20 s: whose gap is the result’s?',
      kind: 'timeseries',
      targets: [
        { expr: samplesOfOne, of: globalQuerier.name, legend: 'deduplicated', style: 'wide', colour: 'green' },
        { expr: samplesOfOne, of: doubled.name, legend: 'replica {{replica}}', style: 'points' },
      ],
      unit: 'count',
      width: 12,
      height: 6,
    },
    {
      title: 'Samples per second that each replica stores',
      kind: 'timeseries',
      targets: [{ expr: storedBy('replica-.'), legend: '{{instance}}' }],
      unit: 'per second',
      width: 12,
      height: 6,
    },
    {
      title: 'Alerts per second: each replica sends them all',
      kind: 'timeseries',
      targets: [{ expr: sentAlerts, legend: '{{instance}}' }],
      unit: 'per second',
      width: 12,
      height: 6,
    },
    {
      title: 'CPU of each, in cores: a pair costs twice as much',
      kind: 'timeseries',
      targets: [{ expr: cpuOfReplicas, legend: '{{instance}}' }],
      unit: 'cores',
      width: 12,
      height: 6,
    },
  ],
  picture,
  exercises,
  precondition: 'scraped',
  isActive: areHere,
  plan: { needs: 'two Prometheus, and a querier that makes one series of two' },
  check,
};
