import { counters } from '../../lab/evidence/summed.ts';
import type { Lesson } from '../../lab/model/lesson.ts';
import { job, requests } from '../../lab/model/metrics.ts';
import { globalQuerier, instancesKnown, prometheusNamed, upOfFleet } from '../../lab/model/sources.ts';
import { exercises } from './exercise.ts';
import { picture } from './picture.ts';
import { anyShardDown, areHere, plainQuerier, shardsUp, sidecarsOf, targetsOfShards } from './services.ts';
import { shards } from './union.ts';
import { check } from './verdict.ts';

export const lesson: Lesson = {
  title: 'Shards',
  chapter: 'Beyond one Prometheus',
  minutes: 12,
  question: 'Two Prometheus share a fleet, and one of them dies. Who says that the answer is only a part?',
  change: 'own',
  requires: 'thanos',
  memoryMegabytes: 400,
  layer: 'scraper',
  changes: 'twelve instances over two Prometheus, a sidecar each, and two queriers that ask both',
  matters: 'a part of a fleet looks like a whole one: only who knows how many have to answer can miss one',
  todo: [
    'Ask the querier for the sum over the fleet: it is that of both shards, to the last digit.',
    'See which instances each shard has: the hash of a name decides, and it does not share out evenly.',
    'Once a shard is dead, ask both queriers for the number of instances, and see which of them warns.',
  ],
  acts: [
    [
      {
        do: 'kill',
        service: 'shard-b',
        says: 'it dies, and no shard sees its part of the fleet any more.',
      },
    ],
  ],
  queries: [
    { expr: instancesKnown, read: 'the fleet, as one Prometheus knows it that scrapes all: 12' },
    {
      expr: instancesKnown,
      of: globalQuerier.name,
      read: '12 of both shards; with a warning once one is dead',
      noValue: 'at rest',
    },
    {
      expr: instancesKnown,
      of: plainQuerier.name,
      read: '12 of both shards; fewer once one is dead, and no warning',
      noValue: 'at rest',
    },
    {
      expr: `sum(rate(${counters}[1m]))`,
      of: globalQuerier.name,
      read: 'the sum that everybody wants, of both shards',
      noValue: 'at rest',
    },
    ...shards.map(({ service }) => ({
      expr: upOfFleet,
      of: service,
      read: `the instances that ${service} scrapes: the hash of each name decides`,
      noValue: 'at rest' as const,
    })),
    { expr: targetsOfShards, read: 'how many instances each shard scrapes', noValue: 'at rest' },
    { expr: shardsUp, read: '1 where a shard answers: what an alert has to watch', noValue: 'at rest' },
    {
      expr: anyShardDown,
      read: 'empty while both shards answer: the alert that no querier sends',
      noValue: 'on purpose',
    },
    { expr: sidecarsOf(plainQuerier.name), read: 'the sidecars that the plain querier asks', noValue: 'at rest' },
  ],
  sources: [globalQuerier, plainQuerier, ...shards.map(({ service }) => prometheusNamed(service))],
  expect:
    'One answer for twelve instances. Once a shard is killed: the strict querier answers with a warning, the plain one, after some seconds, for a part of the fleet and without a word.',
  insight:
    'A querier that only knows who is there cannot miss anybody. Name those that have to answer (--endpoint-strict), and alert on each shard’s own up.',
  lookBack: '5m',
  panels: [
    {
      title: 'Instances that each shard scrapes: a hash shares them out',
      kind: 'timeseries',
      targets: [{ expr: targetsOfShards, legend: '{{instance}}' }],
      unit: 'count',
      width: 12,
      height: 9,
    },
    {
      title: 'Sidecars that each querier asks: the plain one forgets',
      kind: 'timeseries',
      targets: [{ expr: sidecarsOf('query.*'), legend: '{{instance}}' }],
      unit: 'count',
      width: 12,
      height: 9,
    },
    {
      title: 'Requests per second of the fleet: they do not stop',
      description: 'From the Prometheus that scrapes all twelve instances by itself.',
      kind: 'timeseries',
      targets: [{ expr: `sum(rate(${requests}{job="${job}"}[1m]))`, legend: 'all instances' }],
      unit: 'requests per second',
      width: 12,
      height: 8,
    },
    {
      title: 'Which shards answer',
      kind: 'timeline',
      targets: [
        { expr: `${shardsUp} == 1`, legend: 'up', colour: 'green' },
        { expr: `${shardsUp} == 0`, legend: 'down', colour: 'red' },
      ],
      unit: 'state',
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
